// Which regions and zones are there? AWS's list, with whether an account must opt in.
// https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html

import { hash } from '../../../lib/hash.ts'

/** Region, letters of its zones; `*` where one must opt in. */
const listed = `
af-south-1 abc *|ap-east-1 abc *|ap-east-2 abc *|ap-northeast-1 acd|ap-northeast-2 abcd|ap-northeast-3 abc|ap-south-1 abc
ap-south-2 abc *|ap-southeast-1 abc|ap-southeast-2 abc|ap-southeast-3 abc *|ap-southeast-4 abc *|ap-southeast-5 abc *
ap-southeast-6 abc *|ap-southeast-7 abc *|ca-central-1 abd|ca-west-1 abc *|eu-central-1 abc|eu-central-2 abc *|eu-north-1 abc
eu-south-1 abc *|eu-south-2 abc *|eu-west-1 abc|eu-west-2 abc|eu-west-3 abc|il-central-1 abc *|me-central-1 abc *
me-south-1 abc *|mx-central-1 abc *|sa-east-1 abc|us-east-1 abcdef|us-east-2 abc|us-west-1 ab|us-west-2 abcd`

export interface Region {
  readonly name: string
  readonly zones: string
  readonly optIn: boolean
}

let known: readonly Region[] | undefined

export function regions(): readonly Region[] {
  return (known ??= listed
    .trim()
    .split(/[|\n]/)
    .map((line) => {
      const [name, zones, optIn] = line.split(' ')
      return { name: name!, zones: zones!, optIn: optIn === '*' }
    }))
}

export interface Zone {
  readonly name: string
  readonly id: string
}

/** A region that is not AWS's own has three zones all the same. */
export function zonesOf(region: string): Zone[] {
  const letters = regions().find(({ name }) => name === region)?.zones ?? 'abc'
  return Array.from(letters, (letter, i) => ({ name: region + letter, id: `${shortName(region)}-az${i + 1}` }))
}

export function zoneNamed(region: string, nameOrId: string): Zone | undefined {
  return zonesOf(region).find(({ name, id }) => name === nameOrId || id === nameOrId)
}

/** `eu-west-1` → `euw1`, `us-gov-east-1` → `usge1` */
function shortName(region: string): string {
  const [place, ...rest] = region.split('-')
  const number = rest.pop() ?? ''
  const initials = rest.map((word) =>
    word.replace(/^(north|south)?(east|west|central)?$/, (_, a = '', b = '') => a.slice(0, 1) + b.slice(0, 1)),
  )
  return `${place}${initials.map((each) => (each.length > 2 ? each[0] : each)).join('')}${number}`
}

/** The same 17 hexadecimal digits for the same words: what AWS made long ago and every account sees. */
export function fixedDigits(...words: string[]): string {
  const digits = Array.from(hash('sha256', words.join(' ')), (byte) => byte.toString(16).padStart(2, '0')).join('')
  return `0${digits.slice(0, 16)}`
}

/** `ec2.internal`, `eu-west-1.compute.internal` */
export function internalDomain(region: string): string {
  return region === 'us-east-1' ? 'ec2.internal' : `${region}.compute.internal`
}

/** `ec2-203-0-113-1.compute-1.amazonaws.com` */
export function publicName(region: string, ip: string): string {
  const domain = region === 'us-east-1' ? 'compute-1.amazonaws.com' : `${region}.compute.amazonaws.com`
  return `ec2-${ip.replaceAll('.', '-')}.${domain}`
}

/** `ip-10-0-0-1.ec2.internal` */
export function privateName(region: string, ip: string): string {
  return `ip-${ip.replaceAll('.', '-')}.${internalDomain(region)}`
}
