// Generates `src/lib/api/schema.d.ts` from the OpenAPI document that the server crate keeps beside itself.
//
//   npm run api              writes the types
//   npm run api -- --check   fails if the types on disk are not those of the document
//
// Operation ids are dropped first: the client addresses operations by path, and two Rust handlers of one name would
// otherwise make two interfaces of one name.
import { readFile, writeFile } from 'node:fs/promises';
import openapiTS, { astToString } from 'openapi-typescript';
import { format, resolveConfig } from 'prettier';

const DOCUMENT = new URL(process.env.OPENAPI ?? '../../crates/server/openapi.json', import.meta.url);
const TYPES = new URL('../src/lib/api/schema.d.ts', import.meta.url);

const document = JSON.parse(await readFile(DOCUMENT, 'utf8'));
for (const operations of Object.values(document.paths)) {
	for (const operation of Object.values(operations)) delete operation.operationId;
}
const head = '// Generated from crates/server/openapi.json by `npm run api`. Do not edit.\n\n';
const types = await format(head + astToString(await openapiTS(document)), {
	...(await resolveConfig(TYPES)),
	parser: 'typescript'
});

if (process.argv.includes('--check')) {
	const found = await readFile(TYPES, 'utf8').catch(() => '');
	if (found !== types) {
		console.error('src/lib/api/schema.d.ts is not what crates/server/openapi.json gives; run `npm run api`');
		process.exit(1);
	}
} else {
	await writeFile(TYPES, types);
}
