import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv, type ValidateFunction } from 'ajv'

/** One call, as it came. */
export interface Call {
  readonly method: string
  /** Without the query. */
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly body: unknown
}

/** What the description calls a call: its path with names in it, and what they stand for. */
export interface Operation {
  readonly name: string
  readonly values: Readonly<Record<string, string>>
}

interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required?: boolean
  readonly schema: { readonly type?: string }
}

interface Described {
  readonly parameters?: readonly (Parameter | { readonly $ref: string })[]
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: Schema } } }
  readonly responses: Readonly<Record<string, { readonly $ref?: string; readonly content?: Content }>>
}

type Schema = { readonly properties?: object }
type Content = Readonly<Record<string, { readonly schema: object }>>

const description = JSON.parse(readFileSync(join(import.meta.dirname, 'github-openapi.json'), 'utf8')) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>
  readonly components: { readonly parameters: Readonly<Record<string, Parameter>>; readonly responses: object }
}
const ajv = new Ajv({ strict: false, validateFormats: false, coerceTypes: false, allErrors: true })
ajv.addSchema(withNull(description) as object, 'github')
const compiled = new Map<object, ValidateFunction>()

/** Finds what GitHub's description calls this; undefined where it has no such call. */
export function operationOf(method: string, path: string): Operation | undefined {
  for (const [template, operations] of Object.entries(description.paths)) {
    const pattern = template.replace(/[.]/g, '\\.').replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')
    const found = new RegExp(`^${pattern}$`).exec(path)
    if (found === null || operations[method.toLowerCase()] === undefined) continue
    return { name: `${method} ${template}`, values: { ...found.groups } }
  }
  return undefined
}

/** What is wrong with a call by GitHub's description; nothing where it is sound. */
export function mistakesOf({ method, path, query, body }: Call): readonly string[] {
  const operation = operationOf(method, path)
  if (operation === undefined) return [`${method} ${path} is no call that is described`]
  const described = describedBy(operation)
  const parameters = (described.parameters ?? []).map(resolved)
  const given = { path: operation.values, query }
  const unknown = Object.keys(query).filter(
    (name) => !parameters.some((one) => one.in === 'query' && one.name === name),
  )
  const wrong = parameters.flatMap((parameter) => {
    if (parameter.in === 'header') return []
    const value = given[parameter.in][parameter.name]
    if (value === undefined) return parameter.required ? [`${parameter.name} is missing`] : []
    return complaints(parameter.schema, parameter.schema.type === 'integer' ? Number(value) : value, parameter.name)
  })
  return [...unknown.map((name) => `${name} is no parameter`), ...wrong, ...bodyMistakes(described, body)].map(
    (mistake) => `${operation.name}: ${mistake}`,
  )
}

/** What is wrong with an answer of the stand-in itself. */
export function answerMistakes({ name, values }: Operation, status: number, body: unknown): readonly string[] {
  const answer = describedBy({ name, values }).responses[String(status)]
  if (answer === undefined) return [`${name} is never answered with ${status}`]
  const content = answer.$ref === undefined ? answer.content : (at(answer.$ref) as { content?: Content }).content
  const schema = content?.['application/json']?.schema
  return schema === undefined ? [] : complaints(schema, body, `${name} ${status}`)
}

/** The description forbids no further properties, where a misspelt one would pass unnoticed. */
function bodyMistakes({ requestBody }: Described, body: unknown): readonly string[] {
  if (requestBody === undefined) return body === undefined ? [] : ['a body was sent']
  const { schema } = requestBody.content['application/json']
  const names = typeof body === 'object' && body !== null ? Object.keys(body) : []
  const unknown = names.filter((name) => !(name in (schema.properties ?? {})))
  return [...unknown.map((name) => `${name} is no property of the body`), ...complaints(schema, body, 'body')]
}

function describedBy({ name }: Operation): Described {
  const [method = '', template = ''] = name.split(' ')
  const described = description.paths[template]?.[method.toLowerCase()]
  if (described === undefined) throw new Error(`${name} is not described.`)
  return described
}

function resolved(parameter: Parameter | { readonly $ref: string }): Parameter {
  return '$ref' in parameter ? (at(parameter.$ref) as Parameter) : parameter
}

/** What a reference of the description means. */
export function at(reference: string): unknown {
  return reference
    .split('/')
    .slice(1)
    .reduce<unknown>((value, name) => Reflect.get(Object(value), name), description)
}

function complaints(schema: object, value: unknown, what: string): readonly string[] {
  const known = compiled.get(schema) ?? ajv.compile(pointed(schema))
  compiled.set(schema, known)
  if (known(value)) return []
  return (known.errors ?? []).map((error) => `${what}${error.instancePath} ${error.message}`)
}

/** References of the description are to itself, and a piece of it stands alone here. */
function pointed(schema: object): object {
  return JSON.parse(JSON.stringify(withNull(schema)).replaceAll('"$ref":"#/', '"$ref":"github#/'))
}

/** What OpenAPI 3.0 says of a choice that may be null, as JSON Schema says it. */
function withNull(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withNull)
  if (typeof value !== 'object' || value === null) return value
  const inner = Object.fromEntries(Object.entries(value).map(([name, content]) => [name, withNull(content)]))
  const { nullable, ...rest } = inner
  return nullable === true && rest['type'] === undefined ? { anyOf: [rest, { type: 'null' }] } : inner
}
