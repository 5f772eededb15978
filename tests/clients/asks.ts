// A program against the API's types: tests compile it, and run it with the address of a server.
import createClient from 'openapi-fetch'
import type { paths } from './schema'

// What came as JSON: an operation gives other formats, as text, to those that ask for them.
function json<T>(data: T): Exclude<T, string | undefined> {
  if (typeof data !== 'object') throw new Error(`no JSON: ${data}`)
  return data as Exclude<T, string | undefined>
}

export async function ask(server: string): Promise<string[]> {
  const client = createClient<paths>({ baseUrl: server, headers: { accept: 'application/json' } })
  const providers = await client.GET('/api/providers-of-several-services', { params: { query: { minimum: 4 } } })
  const services = await client.GET('/api/services', { params: { query: { number: 73 } } })
  const found = await client.GET('/search', { params: { query: { q: 'asilo nido' } } })
  const none = await client.GET('/api/services', { params: { query: { number: 73, page: 99 } } })
  return [
    ...json(providers.data).rows.map((row) => `${(row as { name?: string }).name}`),
    ...json(services.data).rows.map((row) => `${row.title}`),
    `${json(found.data).hits[0]?.label}`,
    `${none.error?.status}`,
  ]
}
