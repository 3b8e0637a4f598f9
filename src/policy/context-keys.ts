// Which condition keys does a policy refer to? The answer of GetContextKeysForCustomPolicy and …ForPrincipalPolicy.

import type { Statement } from './parse.ts'
import { parsePolicy } from './parse.ts'
import { keysOfTemplate, parseTemplate } from './variables.ts'

/** The keys of the documents as they spell them, in the order they first appear: variables of resources, conditions. */
export function contextKeysOf(documents: readonly (string | object)[]): string[] {
  const found = new Map<string, string>()
  for (const document of documents) {
    const policy = parsePolicy(document)
    for (const statement of policy.statements) {
      for (const key of keysOfStatement(statement, policy.version === '2012-10-17')) {
        const name = key.toLowerCase()
        if (!found.has(name)) found.set(name, key)
      }
    }
  }
  return [...found.values()]
}

/** The keys one statement refers to. */
export function keysOfStatement(statement: Statement, variables: boolean): string[] {
  return [...keysOfResources(statement, variables), ...keysOfConditions(statement)]
}

export function keysOfResources(statement: Statement, variables: boolean): string[] {
  return (statement.resources?.texts ?? []).flatMap((text) => keysOfTemplate(parseTemplate(text, variables)))
}

export function keysOfConditions(statement: Statement): string[] {
  return statement.conditions.flatMap(({ key, templates }) => [key, ...templates.flatMap(keysOfTemplate)])
}
