// What leaves for telephones, and for apps on them? Text by the push service's name or for all, and no further than here.

import type { Message } from './message.ts'
import { platformOf } from './names.ts'
import type { Sent } from './state.ts'

/** By E.164. */
export function isPhone(number: string): boolean {
  return /^\+[1-9]\d{1,14}$/.test(number)
}

/** `to`: a number, or the ARN of an endpoint. */
export function sentTo(to: string, { id, subject, texts, attributes }: Message): Sent {
  const kind = isPhone(to) ? 'sms' : platformOf(to)
  return {
    to,
    messageId: id,
    message: texts[kind] ?? texts['default']!,
    ...(subject !== undefined && { subject }),
    ...(Object.keys(attributes).length > 0 && { attributes }),
  }
}
