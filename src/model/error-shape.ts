// Which shape of the model does an error's code mean?

import type { Operation, Service, Shape } from './model.ts'

/** The code under which a shape travels, where its protocol has query's codes. */
export function codeOf(shape: Shape): string {
  return shape.traits.error?.code ?? shape.name
}

/**
 * The modelled shape of an error code, which may be the shape's own name. Services also answer with errors that only
 * another of their operations lists.
 */
export function errorShape(operation: Operation | undefined, code: string): Shape | undefined {
  if (operation === undefined || /^\d*$/.test(code)) return undefined
  return (
    operation.errors.find((shape) => codeOf(shape) === code) ??
    operation.errors.find((shape) => shape.name === code) ??
    serviceErrors(operation.service).get(code)
  )
}

const known = new WeakMap<Service, Map<string, Shape>>()

function serviceErrors(service: Service): Map<string, Shape> {
  let errors = known.get(service)
  if (errors === undefined) {
    errors = new Map()
    for (const name of service.operationNames) {
      for (const shape of service.operation(name).errors) {
        if (!errors.has(codeOf(shape))) errors.set(codeOf(shape), shape)
      }
    }
    known.set(service, errors)
  }
  return errors
}
