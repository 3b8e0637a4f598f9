// API Gateway answers HAL, with links among the members, unless it is asked for plain JSON.

import type { Quirks } from './index.ts'

export const apigateway: Quirks = {
  request: (message) => ({ ...message, headers: { accept: 'application/json', ...message.headers } }),
}
