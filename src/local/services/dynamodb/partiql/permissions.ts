import type { Permission } from '../../../service.ts'
import type { DynamoContext } from '../state.ts'

export function partiqlPermissions(_o: string, _i: object, _c: DynamoContext): readonly Permission[] | undefined {
  return undefined
}
