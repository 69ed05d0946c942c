/** The OpenAPI 3.1 document of the consoles' API, drawn from its operations. */

import { z } from 'zod'
import { everyOperation } from './every-operation'
import type { Operation } from './operation'

type Json = Readonly<Record<string, unknown>>

const json = (schema: unknown): Json => ({ 'application/json': { schema } })
const schemaOf = (type: z.ZodType): unknown => z.toJSONSchema(type, { target: 'openapi-3.0', io: 'input' })

const fieldsOf = (shape: z.ZodObject, place: 'path' | 'query'): readonly Json[] =>
  Object.entries(shape.shape).map(([name, type]) => ({
    name,
    in: place,
    required: place === 'path' || !(type as z.ZodType).safeParse(undefined).success,
    schema: schemaOf(type as z.ZodType),
  }))

const organisationHeader: Json = {
  name: 'outpost-organisation',
  in: 'header',
  required: false,
  description: 'Which organisation you act for, if you belong to several. Absent: the first.',
  schema: { type: 'string' },
}

function described(operation: Operation): Json {
  const { id, act, summary, asksProof, params, query, body, answer } = operation
  const isForMembers = act !== 'signed-in'
  return {
    operationId: id,
    summary,
    ...(isForMembers
      ? { description: `Right: ${act}${asksProof === true ? '. A passkey, shown just now' : ''}` }
      : {}),
    parameters: [
      ...fieldsOf(params, 'path'),
      ...fieldsOf(query, 'query'),
      ...(isForMembers ? [organisationHeader] : []),
    ],
    ...(Object.keys(body.shape).length === 0
      ? {}
      : { requestBody: { required: true, content: json(schemaOf(body)) } }),
    responses: {
      200: { description: 'Done.', content: json(schemaOf(answer)) },
      default: {
        description: 'Refused: a code of docs/protocol/reason-codes.md with plain figures.',
        content: json({ $ref: '#/components/schemas/Refused' }),
      },
    },
  }
}

export function openApiDocument(origin: string): Json {
  const paths: Record<string, Record<string, Json>> = {}
  for (const operation of everyOperation)
    (paths[operation.path] ??= {})[operation.method.toLowerCase()] = described(operation)
  return {
    openapi: '3.1.0',
    info: { title: 'Outpost consoles', version: '1' },
    servers: [{ url: `${origin}/api/v1` }],
    security: [{ cookie: [] }, { key: [] }],
    paths,
    components: {
      securitySchemes: {
        cookie: { type: 'apiKey', in: 'cookie', name: 'outpost_session' },
        key: { type: 'http', scheme: 'bearer', description: 'A key of the organisation.' },
      },
      schemas: {
        Refused: {
          type: 'object',
          required: ['error'],
          properties: {
            error: {
              type: 'object',
              required: ['code'],
              properties: { code: { type: 'string' }, facts: { type: 'object' } },
            },
          },
        },
      },
    },
  }
}
