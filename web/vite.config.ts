import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';

const api = process.env.THROUGHLINE_URL ?? 'http://127.0.0.1:7878';

export default defineConfig({
	plugins: [
		paraglideVitePlugin({
			project: './project.inlang',
			outdir: './src/lib/paraglide',
			strategy: ['localStorage', 'preferredLanguage', 'baseLocale']
		}),
		sveltekit()
	],
	server: {
		// The service answers only requests that are addressed to it by name.
		proxy: { '/api': { target: api, changeOrigin: true } }
	},
	build: { target: 'es2022' }
});
