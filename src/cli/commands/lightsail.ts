// An image of a container for a Lightsail service: AWS's own program lightsailctl pushes it, told on its stdin what and where.
// https://docs.aws.amazon.com/lightsail/latest/userguide/amazon-lightsail-install-software.html

import { constants } from 'node:os'
import { Failure } from '../../lib/errors.ts'
import { stringifyPython } from '../../lib/json.ts'
import { repr } from '../../lib/python.ts'
import { runChild } from '../child.ts'
import { textOf } from '../show.ts'
import { REFERENCE_VERSION } from '../version.ts'
import { command } from './command.ts'
import type { Context } from './command.ts'

const PROGRAM = ['lightsailctl', '--plugin', '--input-stdin']

export const pushContainerImage = command({
  name: 'lightsail push-container-image',
  help: 'Push container image for use in a service deployment. The program lightsailctl does it.',
  arguments: {
    'service-name': { required: true, help: 'The name of the container service that the image is for.' },
    image: { required: true, help: 'The name of the local image, with its tag.' },
    label: { required: true, help: 'What the image is called in the service.' },
  },
  run: async (given, context) => {
    const order = {
      inputVersion: '1',
      operation: 'PushContainerImage',
      payload: { service: given['service-name'], image: given.image, label: given.label },
      configuration: await configuration(context),
    }
    const exit = await pushed(stringifyPython(order), context)
    if (exit === 0) return 0
    const how =
      exit < 0 ? `died with <Signals.${signalName(-exit)}: ${-exit}>` : `returned non-zero exit status ${exit}`
    throw new Failure('InvalidValue', `Command '${repr(PROGRAM)}' ${how}.`)
  },
})

async function pushed(input: string, { outside }: Context): Promise<number> {
  try {
    return await runChild(PROGRAM, { env: outside.env, ownsInterrupts: true, input })
  } catch (error) {
    if (!(error instanceof Failure) || error.detail.missing !== true) throw error
    throw new Failure(
      'InvalidValue',
      'The Lightsail Control (lightsailctl) plugin was not found. To download and install it, see ' +
        'https://lightsail.aws.amazon.com/ls/docs/en_us/articles/amazon-lightsail-install-software',
    )
  }
}

/** What was typed and configured; undefined members are left out. */
async function configuration({ globals, outside, settings }: Context): Promise<object> {
  const { region, key } = await settings()
  return {
    debug: globals.debug,
    endpoint: globals.endpointUrl,
    doNotVerifySSL: globals.verifySsl ? (globals.caBundle ? false : undefined) : true,
    paginate: globals.paginate,
    output: globals.output,
    query: globals.query,
    profile: globals.profile || outside.env.AWS_PROFILE || outside.env.AWS_DEFAULT_PROFILE || undefined,
    region,
    doNotSignRequest: !globals.signRequest,
    caBundle: globals.caBundle || textOf(key('ca_bundle')) || undefined,
    readTimeout: (globals.readTimeout ?? 60) || undefined,
    connectTimeout: (globals.connectTimeout ?? 60) || undefined,
    cliBinaryFormat: globals.binaryFormat,
    cliVersion: REFERENCE_VERSION,
  }
}

function signalName(number: number): string {
  return Object.entries(constants.signals).find(([, each]) => each === number)?.[0] ?? String(number)
}
