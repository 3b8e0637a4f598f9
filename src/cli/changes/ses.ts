// SES: an e-mail by its parts.

import type { Structure } from '../../lib/value.ts'
import type { CommandChange, ServiceChanges } from './change.ts'

const sendEmail: CommandChange = {
  rename: { source: 'from' },
  optional: ['destination', 'message'],
  exclusive: [
    [['destination'], ['to', 'cc', 'bcc']],
    [['message'], ['text', 'html']],
  ],
  add: {
    to: { nargs: '+', help: 'The primary recipients.' },
    cc: { nargs: '+', help: 'The carbon-copy recipients.' },
    bcc: { nargs: '+', help: 'The blind-carbon-copy recipients.' },
    subject: { help: 'The subject of the message.' },
    text: { help: 'The body of the message as plain text.' },
    html: { help: 'The body of the message as HTML.' },
  },
  input: (input, given) => {
    for (const [name, member] of [
      ['to', 'ToAddresses'],
      ['cc', 'CcAddresses'],
      ['bcc', 'BccAddresses'],
    ] as const) {
      if (isGiven(given[name])) input.Destination = { ...(input.Destination as Structure), [member]: given[name] }
    }
    for (const [name, member] of [
      ['subject', 'Subject'],
      ['text', 'Text'],
      ['html', 'Html'],
    ] as const) {
      if (!isGiven(given[name])) continue
      const message = (input.Message ??= { Subject: {}, Body: {} }) as Structure
      const part = { Data: given[name] }
      if (member === 'Subject') message.Subject = part
      else message.Body = { ...(message.Body as Structure), [member]: part }
    }
  },
}

function isGiven(value: unknown): boolean {
  return (typeof value === 'string' || Array.isArray(value)) && value.length > 0
}

export const ses: ServiceChanges = { commands: { 'send-email': sendEmail } }
