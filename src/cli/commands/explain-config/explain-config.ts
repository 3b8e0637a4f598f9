// `virga explain config [NAME]`: every source of each setting, in the order in which they count, and which one is in use.
//
//   region = eu-west-1
//     > AWS_REGION                  eu-west-1
//       AWS_DEFAULT_REGION          us-east-1   AWS_REGION comes first
//       ~/.aws/credentials          -

import { readConfiguration } from '../../../client/config/configuration.ts'
import { explainSettings } from '../../../client/config/explain.ts'
import type { SettingReport, SourceReport } from '../../../client/config/explain.ts'
import { givenFrom } from '../../globals.ts'
import { surroundings } from '../../session.ts'
import { command } from '../command.ts'

export const explainConfig = command({
  name: 'explain config',
  help: 'Shows every source of each setting that has a value, or of the one named: what was found, and what counts.',
  arguments: {
    name: { positional: true, nargs: '?', help: 'A setting, or any key of the profile: region, s3.addressing_style.' },
  },
  run: async (given, context) => {
    const { globals, outside } = context
    const options = givenFrom(globals, undefined)
    const configuration = await readConfiguration(options, surroundings(outside))
    const name = given['name'] as string | undefined
    const settings = explainSettings(configuration, options, name)
    const { profile } = configuration
    if (globals.output === undefined && globals.query === undefined) {
      context.write(
        `Profile ${profile}. The first source with a value counts.\n\n${settings.map(inWords).join('\n\n')}\n`,
      )
    } else {
      await context.show('ExplainConfig', { Profile: profile, Settings: settings.map(recordOf) })
    }
    return 0
  },
})

function recordOf({ name, value, sources }: SettingReport) {
  return {
    Name: name,
    ...(value === undefined ? {} : { Value: value }),
    Sources: sources.map(({ from, where, value: found, used, why }) => ({
      From: from,
      Where: where,
      ...(found === undefined ? {} : { Value: found }),
      Used: used,
      ...(why === undefined ? {} : { Why: why }),
    })),
  }
}

function inWords({ name, value, sources }: SettingReport): string {
  return [value === undefined ? `${name} is not set` : `${name} = ${value}`, ...sources.map(line)].join('\n')
}

function line({ where, value = '-', used, why = '' }: SourceReport): string {
  return `  ${used ? '>' : ' '} ${where.padEnd(40)} ${value.padEnd(20)} ${why}`.trimEnd()
}
