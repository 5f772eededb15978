// What TypeScript finds wrong with schema.org documents: node schema_org.mjs < {"name": document, ...}
// As JSON, a list: the document's name and the message.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const documents = JSON.parse(readFileSync(0, 'utf8'))
const file = join(dirname(fileURLToPath(import.meta.url)), 'documents.ts')
const lines = ["import type { Thing } from 'schema-dts'", 'type Of<T> = Extract<Thing, { "@type": T }>']
const named = new Map()
for (const [name, { '@context': context, '@graph': graph, ...whole }] of Object.entries(documents)) {
  for (const thing of graph ?? [whole]) {
    named.set(lines.length, context === 'https://schema.org' ? name : `${name} (context ${context})`)
    lines.push(`export const d${lines.length}: Of<${JSON.stringify(thing['@type'])}> = ${JSON.stringify(thing)}`)
  }
}
const options = { strict: true, noEmit: true, skipLibCheck: true, module: ts.ModuleKind.NodeNext }
const host = ts.createCompilerHost(options)
const { getSourceFile, fileExists } = host
host.fileExists = (path) => path === file || fileExists(path)
host.getSourceFile = (path, ...rest) =>
  path === file ? ts.createSourceFile(path, lines.join('\n'), ...rest) : getSourceFile(path, ...rest)
const found = ts.getPreEmitDiagnostics(ts.createProgram([file], options, host)).map((one) => [
  named.get(one.file?.getLineAndCharacterOfPosition(one.start ?? 0).line) ?? '',
  ts.flattenDiagnosticMessageText(one.messageText, '\n').slice(0, 600),
])
process.stdout.write(JSON.stringify(found))
