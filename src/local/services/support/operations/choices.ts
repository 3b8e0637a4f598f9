// What can be chosen when a case is opened.

import { settingsIn } from '../../../settings.ts'
import { languages, severities, supportedServices } from '../options.ts'
import type { SupportHandler } from '../state.ts'

export const describeServices: SupportHandler = ({ serviceCodeList = [] }) => ({
  services: supportedServices().filter(({ code }) => serviceCodeList.length === 0 || serviceCodeList.includes(code)),
})

export const describeSeverityLevels: SupportHandler = (_, { state }) => ({
  severityLevels: severities.filter(
    ({ code }) => code !== 'critical' || settingsIn(state.rows).support === 'enterprise',
  ),
})

export const describeSupportedLanguages: SupportHandler = () => ({ supportedLanguages: languages })

const always = [{ startTime: '00:00', endTime: '23:59' }]

export const describeCreateCaseOptions: SupportHandler = () => ({
  languageAvailability: 'available',
  communicationTypes: ['web', 'chat', 'call'].map((type) => ({
    type,
    supportedHours: always,
    datesWithoutSupport: [],
  })),
})
