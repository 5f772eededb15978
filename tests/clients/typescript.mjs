// A TypeScript client of the API: node typescript.mjs OPENAPI.json SERVER DIRECTORY
// Types are generated from the document, asks.ts is checked against them and run; its answers come as JSON.
import { copyFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import openapiTS, { astToString } from 'openapi-typescript'
import ts from 'typescript'

const [document, server, directory] = process.argv.slice(2)
const here = dirname(fileURLToPath(import.meta.url))
const types = astToString(await openapiTS(pathToFileURL(resolve(document))))
writeFileSync(join(directory, 'schema.d.ts'), types)
writeFileSync(join(directory, 'package.json'), '{"type": "module"}')
copyFileSync(join(here, 'asks.ts'), join(directory, 'asks.ts'))
symlinkSync(join(here, 'node_modules'), join(directory, 'node_modules'))
const options = {
  strict: true,
  skipLibCheck: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  outDir: directory,
}
const program = ts.createProgram([join(directory, 'asks.ts')], options)
const wrong = ts.getPreEmitDiagnostics(program)
if (wrong.length) {
  const host = { getCanonicalFileName: (name) => name, getCurrentDirectory: () => directory, getNewLine: () => '\n' }
  console.error(ts.formatDiagnostics(wrong, host))
  process.exit(1)
}
program.emit()
const { ask } = await import(pathToFileURL(join(directory, 'asks.js')).href)
process.stdout.write(JSON.stringify(await ask(server)))
