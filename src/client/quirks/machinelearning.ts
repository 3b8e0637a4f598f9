// Predictions are asked of the model's own endpoint, which the caller was told and gives back.
// https://docs.aws.amazon.com/machine-learning/latest/APIReference/API_Predict.html

import { Failure } from '../../lib/errors.ts'
import type { Quirks } from './index.ts'

export const machinelearning: Quirks = {
  endpoint(endpoint, { operation, input }) {
    const url = input['PredictEndpoint']
    if (operation.name !== 'Predict' || typeof url !== 'string' || url === '') return endpoint
    const parts = /^(https?):\/\/([^/?#]+)/i.exec(url)
    if (!parts) throw new Failure('InvalidConfig', `Invalid endpoint: ${url}`)
    return { ...endpoint, scheme: parts[1]!.toLowerCase() as 'http' | 'https', host: parts[2]!, basePath: '' }
  },
}
