import { audit, expect, fits, number, picture, queue, test } from './desk';

test('the queue shows what is owed, and that it is not legal advice', async ({ page }) => {
	const rows = await queue(page);
	expect(await rows.count()).toBeGreaterThan(5);
	await expect(page.getByRole('note', { name: 'Not legal advice.' })).toContainText(/approved/);
	await expect(page.getByRole('heading', { level: 2 }).first()).toBeVisible();
	await fits(page);
	await picture(page, 'queue');
});

test('liberty comes first', async ({ page }) => {
	await queue(page);
	await expect(page.getByRole('heading', { level: 2 }).first()).toContainText('Liberty at stake');
});

test('the counts add up to what is shown', async ({ page }) => {
	await queue(page);
	const counts = page.getByRole('navigation', { name: 'What stands where' }).getByRole('link');
	let sum = 0;
	for (const link of await counts.all()) sum += number(/^\s*[\d.,]+/.exec((await link.textContent()) ?? '')?.[0] ?? '');
	const settled = page.getByRole('heading', { level: 2, name: /^Settled/ });
	if (await settled.count()) sum += number(await settled.textContent());
	const shown = /^\s*([\d.,]+) of ([\d.,]+)/.exec((await page.getByText(/ of .* shown/).textContent()) ?? '');
	expect(number(shown?.[1] ?? '')).toBe(sum);
	expect(number(shown?.[2] ?? '')).toBe(sum);
});

test('the queue is narrowed by name, outcome and status, and by nothing about who a person is', async ({ page }) => {
	const rows = await queue(page);
	const all = await rows.count();
	const name = (await rows.last().locator('span').first().textContent())?.trim() ?? '';
	await page.getByRole('searchbox').fill(name.toUpperCase());
	await expect(rows.first()).toContainText(name);
	expect(await rows.count()).toBeLessThan(all);
	for (const row of await rows.all()) await expect(row).toContainText(name);

	await page.getByRole('button', { name: 'Clear' }).click();
	const status = page.getByLabel('Status');
	const value = await status.getByRole('option').nth(1).getAttribute('value');
	await status.selectOption(value);
	await expect(page).toHaveURL(new RegExp(`status=${value}`));
	await page.reload();
	await expect(page.getByLabel('Status')).toHaveValue(value ?? '');

	const filters = page.getByRole('search', { name: 'Narrow the queue' });
	await expect(filters.getByRole('combobox')).toHaveCount(2);
	await expect(filters).not.toContainText(/nationality|religion|ethnic|sex|citizenship of/i);
});

test('Spanish is one click away and remembered', async ({ page }) => {
	await queue(page);
	await page.getByRole('button', { name: 'Español' }).click();
	await expect(page.getByRole('heading', { level: 1, name: 'Qué se debe' })).toBeVisible();
	await expect(page.getByRole('note', { name: 'No es asesoría legal.' })).toBeVisible();
	await expect(page.locator('html')).toHaveAttribute('lang', 'es');
	await picture(page, 'queue-es');
	await page.reload();
	await expect(page.getByRole('heading', { level: 1, name: 'Qué se debe' })).toBeVisible();
	await page.getByRole('button', { name: 'English' }).click();
	await expect(page.getByRole('heading', { level: 1, name: 'What is owed' })).toBeVisible();
});

test('an unknown page says so, and leads back', async ({ page }) => {
	await page.goto('/nowhere/at/all');
	await expect(page.getByRole('heading', { level: 1, name: 'Page not found' })).toBeVisible();
	await audit(page);
	await page.getByRole('link', { name: 'Back to the queue' }).click();
	await expect(page.getByRole('heading', { level: 1, name: 'What is owed' })).toBeVisible();
});

for (const scheme of ['light', 'dark'] as const) {
	test(`the queue has no serious accessibility fault, ${scheme}`, async ({ page }) => {
		await page.emulateMedia({ colorScheme: scheme });
		await queue(page);
		await audit(page);
	});
}
