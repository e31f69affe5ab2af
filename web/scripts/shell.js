// Moves the start-up script of the built shell out of `index.html` into a file of its own.
//
// The server sends `default-src 'self'`, which forbids inline scripts; a hash in a `<meta>` policy could not lift that,
// since every policy must allow a script. The file keeps the classic (not module) form, because the script reads
// `document.currentScript`.
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';

const BUILD = new URL('../build/', import.meta.url);
const INLINE = /<script>([\s\S]*?)<\/script>/g;

const shell = await readFile(new URL('index.html', BUILD), 'utf8');
const scripts = [...shell.matchAll(INLINE)];
if (scripts.length !== 1) throw new Error(`expected one inline script in the shell, found ${scripts.length}`);

const [element, script] = scripts[0];
const name = `_app/immutable/start-${createHash('sha256').update(script).digest('hex').slice(0, 12)}.js`;
await writeFile(new URL(name, BUILD), script);
await writeFile(
	new URL('index.html', BUILD),
	shell.replace(element, () => `<script src="/${name}"></script>`)
);
