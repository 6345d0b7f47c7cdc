import {
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  visit,
  type Document,
  type Node,
  type Pair,
  type YAMLError,
} from 'yaml'
import { ConfigErrors, type ConfigError } from './errors.ts'

/** A place in a text, from 1. */
export interface Place {
  readonly line: number
  readonly column: number
}

/** Member names and list indices, from the root. */
export type Path = readonly PropertyKey[]

/** A configuration as it stands in the file: plain values, and where each of them stands. */
export interface ConfigDocument {
  readonly file: string
  readonly value: unknown
  /** Tells whether a setting is written, or is left to its default. */
  has(path: Path): boolean
  /** Where a value begins; where it is missing, where its nearest present ancestor begins. */
  placeOf(path: Path): Place
  /** Where the key of a member begins. */
  placeOfKey(path: Path): Place
}

/** Larger than any configuration, small enough to be parsed in a moment. */
const CHARS_MAX = 1_048_576
const DEPTH_MAX = 32

/**
 * Reads YAML 1.2, of which a configuration needs only maps, lists and scalars. What lets a text say one thing to its reader and
 * another to a parser is refused: duplicate keys, anchors and aliases (a few lines of which can mean gigabytes), merge
 * keys, tags, directives, several documents, keys that are no strings.
 *
 * @throws {ConfigErrors} and nothing else.
 */
export function readDocument(file: string, text: string): ConfigDocument {
  const lines = new LineCounter()
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  const fail = (offset: number, [message, hint]: Complaint): ConfigError => ({
    file,
    ...placeAt(offset),
    message,
    hint,
  })
  if (text.length > CHARS_MAX) throw new ConfigErrors([fail(0, TOO_LONG)])
  if (nestsTooDeep(text)) throw new ConfigErrors([fail(0, TOO_DEEP)])

  const documents = parse(text, lines) ?? []
  const [document, second] = documents
  const root = document?.contents
  if (document === undefined || !isNode(root) || isNull(root)) throw new ConfigErrors([fail(0, EMPTY)])
  const errors = [
    ...document.errors.map((error) => fail(error.pos[0], translated(error))),
    ...oddities(document).map(({ offset, complaint }) => fail(offset, complaint)),
  ]
  if (second !== undefined) errors.push(fail(second.range[0], SECOND_DOCUMENT))
  if (errors.length > 0) throw new ConfigErrors(errors)

  return {
    file,
    value: document.toJS({ maxAliasCount: 0 }),
    has: (path) => document.hasIn(path),
    placeOf: (path) => placeAt(find(root, path, false)),
    placeOfKey: (path) => placeAt(find(root, path, true)),
  }
}

type Complaint = readonly [message: string, hint: string]

const TOO_LONG: Complaint = ['the file is longer than 1 MiB', 'move policies into files of their own']
const TOO_DEEP: Complaint = [
  `the file nests deeper than ${DEPTH_MAX} levels`,
  'remove brackets: no setting is nested more than 8 levels deep',
]
const EMPTY: Complaint = ['the file holds no settings', 'start from config/sallyport.yaml']
const SECOND_DOCUMENT: Complaint = [
  'a second document begins here',
  'remove the line `---`: one file is one configuration',
]

function isNull(node: Node): boolean {
  return isScalar(node) && node.value === null
}

function parse(text: string, lineCounter: LineCounter): Document.Parsed[] | undefined {
  const options = {
    lineCounter,
    prettyErrors: false,
    uniqueKeys: true,
    strict: true,
    version: '1.2',
  } as const
  try {
    const documents = parseAllDocuments(text, { ...options, logLevel: 'silent' })
    return Array.isArray(documents) ? documents : undefined
  } catch {
    // The parser is recursive: what nests too deep for it despite the look before is no configuration either.
    return undefined
  }
}

/** Looked at before parsing, which is recursive: flow brackets and block indicators (`- - -`) nest without indentation. */
function nestsTooDeep(text: string): boolean {
  let depth = 0
  for (const char of text.replace(/"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|(?:^|\s)#[^\n]*/g, '')) {
    if (char === '[' || char === '{') depth++
    else if (char === ']' || char === '}') depth = Math.max(0, depth - 1)
    if (depth > DEPTH_MAX) return true
  }
  return new RegExp(`(?:[-?:][ \\t]+){${DEPTH_MAX}}|^ {${DEPTH_MAX * 8}}`, 'm').test(text)
}

const CAUSES: Readonly<Record<string, Complaint>> = {
  DUPLICATE_KEY: ['this key stands twice', 'keep one of them'],
  TAB_AS_INDENT: ['a tab is used for indentation', 'indent with spaces'],
  MULTIPLE_ANCHORS: ['anchors are not accepted', 'write the value out where it is needed'],
  UNRESOLVED_ALIAS: ['aliases are not accepted', 'write the value out where it is needed'],
}

function translated(error: YAMLError): Complaint {
  const known = CAUSES[error.code]
  if (known !== undefined) return known
  const [sentence = ''] = error.message.split('\n')
  return [
    `this is not YAML: ${sentence.slice(0, 160)}`,
    'look for a missing colon, quote, bracket or indentation',
  ]
}

interface Oddity {
  readonly offset: number
  readonly complaint: Complaint
}

/** Everything that parses and is refused all the same. */
function oddities(document: Document.Parsed): Oddity[] {
  const found: Oddity[] = []
  const add = (node: unknown, message: string, hint: string): void => {
    found.push({ offset: isNode(node) ? startOf(node) : 0, complaint: [message, hint] })
  }
  if (document.directives.docStart === true && document.directives.yaml.explicit === true)
    add(document.contents, 'directives are not accepted', 'remove the line that begins with %')
  visit(document, {
    Alias: (_, node) => add(node, 'aliases are not accepted', 'write the value out where it is needed'),
    Value: (_, node, path) => {
      if (path.length > DEPTH_MAX * 2) return visit.BREAK
      if (node.anchor !== undefined)
        add(node, 'anchors are not accepted', 'write the value out where it is needed')
      if (node.tag !== undefined)
        add(node, 'tags are not accepted', 'remove the tag: types follow from the setting')
      return undefined
    },
    Pair: (_, pair) => oddKey(pair, add),
  })
  return found
}

function oddKey({ key }: Pair, add: (node: unknown, message: string, hint: string) => void): void {
  if (isAlias(key)) return
  if (!isScalar(key) || typeof key.value !== 'string')
    add(key, 'a key must be a plain word', 'put the key in quotes')
  else if (key.value === '<<')
    add(key, 'merge keys are not accepted', 'write the members out where they are needed')
  else if (key.value === '__proto__') add(key, 'this key is not accepted', 'remove it')
}

function find(root: Node, path: Path, wantsKey: boolean): number {
  let at: Node = root
  let key: Node = root
  for (const step of path) {
    const [nextKey, next] = childOf(at, step)
    if (nextKey === undefined) return startOf(at)
    key = nextKey
    at = next ?? nextKey
  }
  return startOf(wantsKey ? key : at)
}

function childOf(node: Node, step: PropertyKey): [key?: Node, value?: Node] {
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && key.value === step)
    if (pair === undefined || !isNode(pair.key)) return []
    return isNode(pair.value) && hasText(pair.value) ? [pair.key, pair.value] : [pair.key]
  }
  const item = isSeq(node) && typeof step === 'number' ? node.items[step] : undefined
  return isNode(item) ? [item, item] : []
}

/** A value that is left out is a node of no length behind its key: the key is the better place to show. */
function hasText({ range }: Node): boolean {
  return range === undefined || range === null || range[1] > range[0]
}

function startOf({ range }: Node): number {
  return range?.[0] ?? 0
}
