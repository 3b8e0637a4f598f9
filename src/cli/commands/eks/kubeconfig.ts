// A kubeconfig file: which one is meant, what stands in it, and how a cluster gets its entries.
// https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/

import { mkdirSync, readFileSync } from 'node:fs'
import { delimiter, dirname, join, resolve } from 'node:path'
import { Failure } from '../../../lib/errors.ts'
import { floatRepr, typeName } from '../../../lib/python.ts'
import { replaceFile } from '../../../lib/shared-file.ts'
import { Float, isStructure, keysOf } from '../../../lib/value.ts'
import type { Structure, Value } from '../../../lib/value.ts'
import { pythonError } from '../../input/param-file.ts'
import { yamlValue } from '../../input/yaml.ts'
import { yamlFile } from '../../output/yaml-file.ts'
import type { YamlNode } from '../../output/yaml-file.ts'

export interface Kubeconfig {
  readonly path: string
  readonly content: Structure
}

export interface Entry extends Structure {
  name: string
}

const empty = (): Structure => ({
  apiVersion: 'v1',
  clusters: [],
  contexts: [],
  'current-context': '',
  kind: 'Config',
  preferences: {},
  users: [],
})

/** Where kubectl looks: the file named outright, or those of KUBECONFIG, or ~/.kube/config. */
export function kubeconfigPaths(
  named: string | undefined,
  { env, home, cwd }: { env: Readonly<Record<string, string | undefined>>; home: string; cwd: string },
): string[] {
  const usual = join(home, '.kube', 'config')
  const whole = (path: string): string => resolve(cwd, path.replace(/^~(?=$|\/)/, home))
  if (named !== undefined) return [whole(named)]
  const listed = (env.KUBECONFIG ?? '').split(delimiter).filter((path) => path.trim() !== '')
  return listed.length === 0 ? [usual] : listed.map(whole)
}

/** The file that has the cluster already, else the first. Throws Failure('InvalidValue') where that cannot be used. */
export function chooseKubeconfig(paths: readonly string[], cluster: string): Kubeconfig {
  for (const path of paths) {
    try {
      const config = loadKubeconfig(path)
      if (hasCluster(config, cluster)) return config
    } catch {
      // Told below if it is the one that is to be used.
    }
  }
  return loadKubeconfig(paths[0]!)
}

export function hasCluster({ content }: Kubeconfig, name: string): boolean {
  return ((content.clusters as Structure[] | null | undefined) ?? []).some((each) => each.name === name)
}

/** A file that is not there is an empty one. */
function loadKubeconfig(path: string): Kubeconfig {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { path, content: empty() }
    throw unusable(`Can't open kubeconfig for reading: ${pythonError(error, path)}`)
  }
  let content: Value
  try {
    content = yamlValue(text)
  } catch (error) {
    throw unusable(`YamlError while loading kubeconfig: ${(error as Error).message.split('\n')[0]}`)
  }
  if (content === null) return { path, content: empty() }
  return { path, content: checked(content) }
}

function checked(content: Value): Structure {
  if (!isStructure(content)) throw unusable("Content not a <class 'dict'>.")
  const kinds = { list: "<class 'list'>", map: "<class 'collections.OrderedDict'>", text: "<class 'str'>" }
  for (const [key, example] of Object.entries(empty())) {
    const value = content[key]
    if (value === undefined || value === null) continue
    const [fits, kind] = Array.isArray(example)
      ? [Array.isArray(value), kinds.list]
      : isStructure(example)
        ? [isStructure(value), kinds.map]
        : [typeof value === 'string', kinds.text]
    if (fits) continue
    const found = isStructure(value) ? kinds.map : `<class '${typeName(value)}'>`
    throw unusable(`${key} is wrong type: ${found} (Should be ${kind})`)
  }
  for (const key of Object.keys(empty())) {
    const value = content[key]
    if (Array.isArray(value) && !value.every(isStructure)) throw unusable(`Entry in ${key} not a <class 'dict'>.`)
  }
  return content
}

/** Puts the entry in the place of the one of its name, or at the end. */
export function insertEntry({ content }: Kubeconfig, key: 'clusters' | 'users' | 'contexts', entry: Entry): void {
  const entries = (content[key] ??= []) as Structure[]
  const at = entries.findIndex((each) => each.name === entry.name)
  if (at < 0) entries.push(entry)
  else entries[at] = entry
}

/** Long lines stay whole. */
export function kubeconfigText(content: Structure): string {
  return yamlFile(asNode(content), { width: Infinity })
}

function asNode(value: Value | undefined): YamlNode {
  if (Array.isArray(value)) return { list: value.map(asNode) }
  if (isStructure(value)) {
    return { map: keysOf(value).map((key) => [{ text: key, isString: true }, asNode(value[key])]) }
  }
  if (value instanceof Float) return { text: floatRepr(value.value), isString: false }
  return { text: String(value ?? null), isString: typeof value === 'string' }
}

export function writeKubeconfig(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true })
  } catch (error) {
    throw unusable(`Can't create directory for writing: ${pythonError(error, dirname(path))}`)
  }
  try {
    replaceFile(path, text)
  } catch (error) {
    throw unusable(`Can't open kubeconfig for writing: ${pythonError(error, path)}`)
  }
}

function unusable(message: string): Failure {
  return new Failure('InvalidValue', message)
}
