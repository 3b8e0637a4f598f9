// What is a step of a cluster to EMR? A JAR and its arguments. What Hive, Pig and Spark steps run depends on whether the
// cluster has a release, or an AMI of the time before there were releases.

import { Failure } from '../../../lib/errors.ts'
import type { Structure } from '../../../lib/value.ts'

export interface Program {
  readonly name?: string | undefined
  readonly onFailure?: string | undefined
  readonly jar: string
  readonly args?: readonly string[] | undefined
  readonly mainClass?: string | undefined
  readonly properties?: readonly Structure[] | undefined
  readonly logUri?: string | undefined
  readonly encryptionKeyArn?: string | undefined
}

/** Where steps and actions run. */
export interface Where {
  readonly region: string | undefined
  readonly release?: string | undefined
}

/** As --steps says it. */
export interface TypedStep {
  readonly Type?: string
  readonly Name?: string
  readonly ActionOnFailure?: string
  readonly Jar?: string
  readonly Args?: readonly string[]
  readonly MainClass?: string
  readonly Properties?: string
  readonly LogUri?: string
  readonly EncryptionKeyArn?: string
}

export const RUNNER = 'command-runner.jar'

/** AWS's own bucket of scripts. */
export function scriptLink(path = '', region = 'us-east-1'): string {
  return `s3://${region}.elasticmapreduce${path}`
}

export function scriptRunner(region: string | undefined): string {
  return scriptLink('/libs/script-runner/script-runner.jar', region)
}

export function stepOf(program: Program): Structure {
  const { name, onFailure, jar, args, mainClass, properties, logUri, encryptionKeyArn } = program
  const monitoring = filled({ LogUri: logUri, EncryptionKeyArn: encryptionKeyArn })
  return {
    ...filled({ Name: name, ActionOnFailure: onFailure }),
    HadoopJarStep: { Jar: jar, ...filled({ Args: args, MainClass: mainClass, Properties: properties }) } as Structure,
    ...(Object.keys(monitoring).length === 0
      ? {}
      : { StepMonitoringConfiguration: { S3MonitoringConfiguration: monitoring } }),
  }
}

/** Nothing that is empty is sent. */
export function filled(members: Readonly<Record<string, unknown>>): Structure {
  const isEmpty = (value: unknown): boolean =>
    !value || (typeof value === 'object' && Object.keys(value).length === 0) || value === false
  return Object.fromEntries(Object.entries(members).filter(([, value]) => !isEmpty(value))) as Structure
}

/** Throws Failure('ParamValidation'). */
export function stepsOf(typed: readonly TypedStep[], where: Where): Structure[] {
  return typed.map((step) => {
    const type = (step.Type ?? 'custom_jar').toLowerCase()
    if (!Object.hasOwn(kinds, type)) throw unsupported(type)
    const kind = kinds[type]!
    const common = {
      name: step.Name ?? kind.name,
      onFailure: step.ActionOnFailure ?? 'CONTINUE',
      logUri: step.LogUri,
      encryptionKeyArn: step.EncryptionKeyArn,
    }
    return stepOf({ ...common, ...kind.program(step, where) })
  })
}

interface Kind {
  readonly name: string
  readonly program: (step: TypedStep, where: Where) => Pick<Program, 'jar' | 'args' | 'mainClass' | 'properties'>
}

const kinds: Readonly<Record<string, Kind>> = {
  custom_jar: {
    name: 'Custom JAR',
    program: (step) => {
      require('CustomJARStepConfig', 'Jar', step.Jar)
      const properties = step.Properties?.split(',').map(pairOf)
      return { jar: step.Jar!, args: step.Args, mainClass: step.MainClass, properties }
    },
  },
  streaming: {
    name: 'Streaming program',
    program: (step, { release }) => {
      const args = argsOf(step, 'StreamingStepConfig')
      return release
        ? { jar: RUNNER, args: ['hadoop-streaming', ...args] }
        : { jar: '/home/hadoop/contrib/streaming/hadoop-streaming.jar', args }
    },
  },
  hive: { name: 'Hive program', program: (step, where) => scripted('hive', argsOf(step, 'HiveStepConfig'), where) },
  pig: { name: 'Pig program', program: (step, where) => scripted('pig', argsOf(step, 'PigStepConfig'), where) },
  impala: {
    name: 'Impala program',
    program: (step, { region, release }) => {
      if (release) throw unsupported('impala')
      require('ImpalaStepConfig', 'Args', step.Args)
      const script = [scriptLink('/libs/impala/setup-impala', region), '--run-impala-script']
      return { jar: scriptRunner(region), args: [...script, ...step.Args!] }
    },
  },
  spark: {
    name: 'Spark application',
    program: (step, { region, release }) => {
      require('SparkStepConfig', 'Args', step.Args)
      return release
        ? { jar: RUNNER, args: ['spark-submit', ...step.Args!] }
        : { jar: scriptRunner(region), args: ['/home/hadoop/spark/bin/spark-submit', ...step.Args!] }
    },
  },
}

function scripted(program: 'hive' | 'pig', args: readonly string[], { region, release }: Where) {
  if (release) return { jar: RUNNER, args: [`${program}-script`, `--run-${program}-script`, '--args', ...args] }
  const script = scriptLink(`/libs/${program}/${program}-script`, region)
  const versions = [`--${program}-versions`, 'latest']
  return { jar: scriptRunner(region), args: [script, `--run-${program}-script`, ...versions, '--args', ...args] }
}

function argsOf({ Args }: TypedStep, structure: string): readonly string[] {
  require(structure, 'Args', Args)
  if (Args!.length === 1 && Args![0]!.trim() === '') {
    throw new Failure('ParamValidation', 'The parameter Args cannot be an empty list.')
  }
  return Args!
}

function require(structure: string, name: string, value: string | readonly string[] | undefined): void {
  if (value === undefined || value.length === 0) throw missing(structure, name)
}

export function missing(object: string, names: string): Failure {
  return new Failure('ParamValidation', `The following required parameters are missing for ${object}: ${names}.`)
}

function unsupported(type: string): Failure {
  return new Failure('ParamValidation', `The step type ${type} is not supported.`)
}

/** `a=b` and `a`. */
export function pairOf(word: string): { Key: string; Value: string } {
  const equals = word.indexOf('=')
  return equals < 0 ? { Key: word, Value: '' } : { Key: word.slice(0, equals), Value: word.slice(equals + 1) }
}
