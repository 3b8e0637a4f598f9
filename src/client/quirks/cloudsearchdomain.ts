// Every search domain has an endpoint of its own, and a search may be longer than a URL may be: its query goes as a form.
// https://docs.aws.amazon.com/cloudsearch/latest/developerguide/search-api.html

import { Failure } from '../../lib/errors.ts'
import { utf8 } from '../../lib/bytes.ts'
import type { Quirks } from './index.ts'
import { renamed } from './rename.ts'

export const cloudsearchdomain: Quirks = {
  input(input, { operation: { name, service }, settings }) {
    if (settings.endpointUrl(service.name, service.metadata.serviceId) === undefined) {
      throw new Failure('ParamValidation', '--endpoint-url is required for cloudsearchdomain commands')
    }
    return name === 'Search' ? renamed(input, 'returnFields', 'return') : input
  },
  request(message, { operation }) {
    if (operation.name !== 'Search' || message.method !== 'GET' || message.query === '') return message
    return {
      ...message,
      method: 'POST',
      query: '',
      headers: { ...message.headers, 'content-type': 'application/x-www-form-urlencoded' },
      body: utf8(message.query),
    }
  },
}
