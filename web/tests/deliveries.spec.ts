import { audit, expect, fits, number, picture, test } from './desk';

test.beforeEach(async ({ page }) => {
	await page.goto('/deliveries');
	await expect(page.getByRole('article').first()).toBeVisible();
});

test('every receipt reconciles as displayed', async ({ page }) => {
	const articles = await page.getByRole('article').all();
	expect(articles.length).toBeGreaterThan(1);
	for (const article of articles) {
		const figure = async (name: string) =>
			number(
				await article
					.locator('dl > div', { has: page.getByText(name, { exact: true }) })
					.locator('dd')
					.first()
					.textContent()
			);
		const [read, kept, refused, repaired] = [
			await figure('Rows read'),
			await figure('Rows kept'),
			await figure('Rows refused'),
			await figure('of those kept, repaired by a named rule')
		];
		expect(read).toBeGreaterThan(0);
		expect(read).toBe(kept + refused);
		expect(repaired).toBeLessThanOrEqual(kept);
		await expect(article).toContainText('Reconciled to the last row');

		// The files add up to the delivery.
		let sum = 0;
		for (const file of await article.getByRole('button', { name: /Rows read/ }).all()) {
			sum += number(/Rows read\s*([\d.,]+)/.exec((await file.textContent()) ?? '')?.[1] ?? '');
		}
		expect(sum).toBe(read);
	}
});

test('a file unfolds to its hash, problems, repairs and refusals', async ({ page }) => {
	const file = page
		.getByRole('article')
		.first()
		.getByRole('button', { name: /Rows read/ })
		.first();
	await file.click();
	await expect(file).toHaveAttribute('aria-expanded', 'true');
	await expect(page.getByText('SHA-256').first()).toBeVisible();
	await expect(page.getByText(/^[0-9a-f]{64}$/).first()).toBeVisible();
	await fits(page);
	await audit(page);
});

test('a public delivery shows its events by month, without small cells', async ({ page }) => {
	const chart = page.getByRole('img', { name: /by month/ }).first();
	await expect(chart).toBeVisible();
	await expect(page.getByText(/are not shown, so that nobody can be singled out/).first()).toBeVisible();
	await page.getByText('The figures as a table').first().click();
	await expect(page.getByRole('columnheader', { name: 'Month' }).first()).toBeVisible();
	await fits(page);
	await picture(page, 'deliveries');
});

test('the ledger says how to verify it', async ({ page }) => {
	const ledger = page.getByRole('complementary', { name: 'The ledger' });
	await expect(ledger).toContainText('throughline ledger verify');
	await expect(ledger).toContainText('Root hash');
});

test('the deliveries speak Spanish', async ({ page }) => {
	await page.getByRole('button', { name: 'Español' }).click();
	await expect(page.getByRole('heading', { level: 1, name: 'Entregas y sus recibos' })).toBeVisible();
	await expect(page.getByText('Filas leídas').first()).toBeVisible();
	await fits(page);
});

for (const scheme of ['light', 'dark'] as const) {
	test(`the deliveries have no serious accessibility fault, ${scheme}`, async ({ page }) => {
		await page.emulateMedia({ colorScheme: scheme });
		await expect(page.getByRole('img', { name: /by month/ }).first()).toBeVisible();
		await audit(page);
	});
}
