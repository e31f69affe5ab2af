import { defineConfig } from '@playwright/test';

// The suite runs against the true binary with the demo workspace built: `THROUGHLINE_URL` says where it serves.
// The browser is the machine's own; none is downloaded.
export default defineConfig({
	testDir: 'tests',
	outputDir: 'test-results/runs',
	// One service, one ledger, few cores.
	workers: 1,
	fullyParallel: false,
	timeout: 60_000,
	expect: { timeout: 15_000 },
	forbidOnly: Boolean(process.env.CI),
	reporter: [['list']],
	use: {
		baseURL: process.env.THROUGHLINE_URL ?? 'http://127.0.0.1:7878',
		locale: 'en-US',
		timezoneId: 'UTC',
		colorScheme: 'light',
		reducedMotion: 'reduce',
		launchOptions: {
			executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
			args: [
				'--headless',
				'--no-sandbox',
				'--disable-gpu',
				'--no-first-run',
				'--disable-background-networking',
				'--disable-component-update',
				'--disable-sync'
			]
		}
	},
	projects: [
		{ name: 'wide', use: { viewport: { width: 1440, height: 950 } } },
		{ name: 'narrow', use: { viewport: { width: 390, height: 844 } } }
	]
});
