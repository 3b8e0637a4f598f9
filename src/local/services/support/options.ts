// What can be chosen when a case is opened: services with their categories, severities, languages.

import { serviceNames } from '../../quotas/registry.ts'

export interface Choice {
  readonly code: string
  readonly name: string
}

const general: readonly Choice[] = [
  { code: 'general-guidance', name: 'General Guidance' },
  { code: 'apis', name: 'APIs' },
  { code: 'performance', name: 'Performance' },
  { code: 'using-aws', name: 'Using AWS & Services' },
  { code: 'other', name: 'Other' },
]

/** What is no service of its own. */
const special: readonly (Choice & { readonly categories: readonly Choice[] })[] = [
  {
    code: 'general-info',
    name: 'General Info and Getting Started',
    categories: [
      { code: 'charges', name: 'How Will I Be Charged?' },
      { code: 'gdpr-queries', name: 'Data Privacy Query' },
      { code: 'reserved-instances', name: 'Reserved Instances' },
      { code: 'resource', name: 'Where is my Resource?' },
      { code: 'using-aws', name: 'Using AWS & Services' },
      { code: 'free-tier', name: 'Free Tier' },
      { code: 'security-and-compliance', name: 'Security & Compliance' },
      { code: 'account-structure', name: 'Account Structure' },
    ],
  },
  {
    code: 'account-management',
    name: 'Account',
    categories: [
      { code: 'billing', name: 'Billing' },
      { code: 'security', name: 'Security' },
      { code: 'other', name: 'Other Account Issues' },
    ],
  },
  {
    code: 'service-limit-increase',
    name: 'Service Limit Increase',
    categories: [{ code: 'general-guidance', name: 'General Guidance' }],
  },
]

export interface SupportedService extends Choice {
  readonly categories: readonly Choice[]
}

export function supportedServices(): readonly SupportedService[] {
  const services = Object.entries(serviceNames).map(([service, name]) => ({
    code: `amazon-${service}`,
    name: name.replace(/\s*\(.*\)$/, ''),
    categories: general,
  }))
  return [...special, ...services]
}

/** The last is for those with the largest plan. */
export const severities: readonly Choice[] = [
  { code: 'low', name: 'Low' },
  { code: 'normal', name: 'Normal' },
  { code: 'high', name: 'High' },
  { code: 'urgent', name: 'Urgent' },
  { code: 'critical', name: 'Critical' },
]

export const languages = [
  { code: 'en', language: 'English', display: 'ENGLISH' },
  { code: 'ja', language: 'Japanese', display: '日本語' },
  { code: 'ko', language: 'Korean', display: '한국어' },
  { code: 'zh', language: 'Chinese', display: '中文' },
] as const

export const issueTypes = ['technical', 'customer-service'] as const
