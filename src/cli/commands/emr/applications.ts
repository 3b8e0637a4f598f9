// How did applications get onto a cluster before there were releases? By scripts that are run when its machines start,
// and by its first steps.

import { Failure } from '../../../lib/errors.ts'
import type { Structure } from '../../../lib/value.ts'
import { scriptLink, scriptRunner, stepOf } from './steps.ts'

/** As --applications says it. */
export interface Application {
  readonly Name: string
  readonly Args?: readonly string[]
}

export interface Installation {
  readonly products: readonly Structure[]
  readonly actions: readonly Structure[]
  readonly steps: readonly Structure[]
}

/** `ami`: undefined on a cluster that runs. Throws Failure('InvalidValue') for what does not fit it. */
export function installationOf(
  applications: readonly Application[],
  region: string | undefined,
  ami?: string,
): Installation {
  const installation = { products: [] as Structure[], actions: [] as Structure[], steps: [] as Structure[] }
  const { products, actions, steps } = installation
  for (const { Name, Args } of applications) {
    switch (Name.toLowerCase()) {
      case 'hive': {
        steps.push(installStep('Hive', region))
        const site = Args?.find((word) => word.includes('--hive-site'))
        if (site !== undefined) steps.push(hiveSiteStep(site, region))
        break
      }
      case 'pig':
        steps.push(installStep('Pig', region))
        break
      case 'ganglia':
        actions.push(actionOf('Install Ganglia', scriptLink('/bootstrap-actions/install-ganglia', region)))
        break
      case 'hbase':
        actions.push(actionOf('Install HBase', scriptLink('/bootstrap-actions/setup-hbase', region)))
        steps.push(startHbase(ami ?? ''))
        break
      case 'impala':
        actions.push(impala(Args, region))
        break
      default:
        products.push({ Name: Name.toLowerCase(), Args: [...(Args ?? [])] })
    }
  }
  return installation
}

/** A script that runs when a machine starts. */
export function actionOf(name: string, path: string, args: readonly string[] = []): Structure {
  return { Name: name, ScriptBootstrapAction: { ...(args.length > 0 && { Args: [...args] }), Path: path } }
}

function installStep(name: 'Hive' | 'Pig', region: string | undefined): Structure {
  const program = name.toLowerCase()
  const base = `/libs/${program}`
  return stepOf({
    name: `Install ${name}`,
    onFailure: 'TERMINATE_CLUSTER',
    jar: scriptRunner(region),
    args: [
      scriptLink(`${base}/${program}-script`, region),
      `--install-${program}`,
      '--base-path',
      scriptLink(base, region),
      `--${program}-versions`,
      'latest',
    ],
  })
}

function hiveSiteStep(site: string, region: string | undefined): Structure {
  return stepOf({
    name: 'Install Hive Site Configuration',
    onFailure: 'CANCEL_AND_WAIT',
    jar: scriptRunner(region),
    // The base path of this one is the first region's wherever the cluster is.
    args: [
      scriptLink('/libs/hive/hive-script', region),
      '--base-path',
      scriptLink('/libs/hive'),
      '--install-hive-site',
      site,
      '--hive-versions',
      'latest',
    ],
  })
}

function startHbase(ami: string): Structure {
  if (ami < '2.1') throw new Failure('ParamValidation', `AMI version ${ami}is not compatible with HBase.`)
  return stepOf({
    name: 'Start HBase',
    onFailure: 'TERMINATE_CLUSTER',
    jar: ami >= '3.0' ? '/home/hadoop/lib/hbase.jar' : '/home/hadoop/lib/hbase-0.92.0.jar',
    args: ['emr.hbase.backup.Main', '--start-master'],
  })
}

function impala(configuration: readonly string[] | undefined, region: string | undefined): Structure {
  return actionOf('Install Impala', scriptLink('/libs/impala/setup-impala', region), [
    '--base-path',
    scriptLink('', region),
    '--impala-version',
    'latest',
    ...(configuration === undefined ? [] : ['--impala-conf', configuration.join(',')]),
  ])
}
