// Which settings of the account may be chosen, and what does each mean? Help, the reference and the reader of what is
// typed go by this table.

import { Failure } from '../../lib/errors.ts'
import { GENERATIONS, SUPPORT_PLANS, type LocalSettings } from '../settings.ts'

interface Choice {
  /** The words it may be; or it is a number of this unit, of so many digits at most. */
  readonly values: readonly string[] | { readonly unit: string; readonly digits: number }
  readonly about: string
}

/** All but the clock and the faults, which have commands of their own. */
export const choices: Readonly<Partial<Record<keyof LocalSettings, Choice>>> = {
  messages: {
    values: GENERATIONS,
    about: "how much a denial tells: as before 2021, the reason, the policy's ARN, an authorization id",
  },
  throttle: {
    values: ['off', 'aws'],
    about: "whether AWS's limits of request rates hold; rules of your own: virga local throttle FILE",
  },
  trail: { values: { unit: 'requests', digits: 6 }, about: 'how many of the newest requests are kept; 0 keeps none' },
  quotas: { values: ['approve', 'deny', 'wait'], about: 'what becomes of a request for a higher quota' },
  support: { values: SUPPORT_PLANS, about: 'the AWS Support plan of the accounts; its API begins with business' },
  consistency: { values: { unit: 'seconds', digits: 4 }, about: 'how long a change in IAM takes to have an effect' },
  pace: {
    values: ['quick', 'real'],
    about: "whether a state is over at the next request, or lasts as on AWS, by the account's clock",
  },
  buckets: {
    values: ['today', 'classic'],
    about: 'new buckets: as S3 makes them today, or as before April 2023, with ACLs and nothing blocked',
  },
}

/** `quick|real`, or the unit of a number in capitals: what a synopsis shows. */
export function valuesOf({ values }: Choice): string {
  return 'unit' in values ? values.unit.toUpperCase() : values.join('|')
}

/** A setting as it is typed. Throws Failure('ParamValidation'). */
export function parseSetting(name: string, text: string): Partial<LocalSettings> {
  if (name === 'clock') throw new Failure('ParamValidation', 'the clock is moved by: virga local clock')
  if (name === 'faults') throw new Failure('ParamValidation', 'faults are made by: virga local faults')
  if (!Object.hasOwn(choices, name)) {
    const known = [...Object.keys(choices), 'clock', 'faults'].join(', ')
    throw new Failure('ParamValidation', `there is no setting ${name} (there are ${known})`)
  }
  const { values } = choices[name as keyof LocalSettings]!
  if ('unit' in values) {
    if (!new RegExp(`^\\d{1,${values.digits}}$`).test(text))
      throw new Failure('ParamValidation', `${name} must be a number of ${values.unit}, not ${text}`)
    return { [name]: Number(text) }
  }
  if (!values.includes(text))
    throw new Failure('ParamValidation', `${name} must be one of ${values.join(', ')}, not ${text}`)
  return { [name]: text }
}
