import AxeBuilder from '@axe-core/playwright';
import { expect, test as base, type Locator, type Page } from '@playwright/test';

export const READER = 'Browser test';

/** A test whose page must not log an error: a blocked script or a failed request is a fault. */
export const test = base.extend<{ quiet: void }>({
	quiet: [
		async ({ page }, use) => {
			const errors: string[] = [];
			page.on('pageerror', (error) => errors.push(error.message));
			page.on('console', (message) => {
				// A refused file is a 403 or 404 by design, and the browser logs those by itself.
				if (message.type() === 'error' && !message.text().includes('Failed to load resource'))
					errors.push(message.text());
			});
			await use();
			expect(errors).toEqual([]);
		},
		{ auto: true }
	]
});

export { expect };

/** The queue, once it is there. */
export async function queue(page: Page): Promise<Locator> {
	await page.goto('/');
	await expect(page.getByRole('heading', { level: 1, name: 'What is owed' })).toBeVisible();
	const rows = page.getByRole('main').getByRole('list').getByRole('link');
	await expect(rows.first()).toBeVisible();
	return rows;
}

/** Answers the question of purpose. */
export async function stateWhy(page: Page): Promise<void> {
	const dialog = page.getByRole('dialog');
	await dialog.getByLabel('Your name').fill(READER);
	await dialog.getByRole('radio', { name: 'Representation' }).click();
	await dialog.getByRole('button', { name: 'Open the file' }).click();
	await expect(dialog).toBeHidden();
	await expect(page.getByRole('heading', { level: 2, name: 'Timeline' })).toBeVisible();
}

/** Opens the files of persons in the queue, one after another, until one passes. */
export async function openFileWith(page: Page, passes: (page: Page) => Promise<boolean>): Promise<void> {
	const rows = await queue(page);
	const addresses = new Set<string>();
	for (const row of await rows.all()) addresses.add(((await row.getAttribute('href')) ?? '').split('?')[0] ?? '');
	for (const address of addresses) {
		await page.goto(address);
		await stateWhy(page);
		if (await passes(page)) return;
	}
	throw new Error('no file of the queue shows what this test needs');
}

/** No serious accessibility fault, as axe finds them. */
export async function audit(page: Page): Promise<void> {
	const { violations } = await new AxeBuilder({ page })
		.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
		.analyze();
	const serious = violations
		.filter(({ impact }) => impact === 'serious' || impact === 'critical')
		.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`);
	expect(serious).toEqual([]);
}

/** The page scrolls down only. */
export async function fits(page: Page): Promise<void> {
	const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
	expect(over).toBeLessThanOrEqual(0);
}

/** Keeps a picture of a screen for people to look at. */
export async function picture(page: Page, name: string): Promise<void> {
	const width = page.viewportSize()?.width;
	await page.screenshot({ path: `test-results/screens/${name}-${width}.png`, fullPage: true });
}

/** A whole number as the page writes it. */
export const number = (text: string | null): number => Number((text ?? '').replaceAll(/[^\d]/g, ''));
