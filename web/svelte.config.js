import adapter from '@sveltejs/adapter-static';
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

/** @type {import('@sveltejs/kit').Config} */
export default {
	preprocess: vitePreprocess(),
	kit: {
		// One shell for every page: the binary serves it for any path that is not a file.
		adapter: adapter({ pages: 'build', fallback: 'index.html' }),
		// The shell is read from the binary, so a new version arrives with a reload; nothing to poll for.
		// Named by the package, not by the clock: the same sources build to the same bytes.
		version: { name: process.env.npm_package_version ?? '0', pollInterval: 0 }
	}
};
