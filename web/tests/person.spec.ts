import { audit, expect, fits, openFileWith, picture, queue, READER, stateWhy, test } from './desk';

test('a file asks for a purpose, and stays closed without one', async ({ page }) => {
	const rows = await queue(page);
	await rows.first().click();
	const dialog = page.getByRole('dialog');
	await expect(dialog).toContainText('Why do you open it?');
	await expect(dialog.getByRole('button', { name: 'Open the file' })).toBeDisabled();
	await audit(page);
	await picture(page, 'opening');
	await dialog.getByRole('button', { name: 'Leave it closed' }).click();
	await expect(page.getByRole('heading', { level: 1, name: 'This file is closed' })).toBeVisible();
	await expect(page.getByRole('heading', { name: 'Timeline' })).toHaveCount(0);
	await audit(page);
});

test('the service itself refuses a file that is not open', async ({ page, request }) => {
	const rows = await queue(page);
	const address = (await rows.first().getAttribute('href')) ?? '';
	const person = new URL(address, page.url()).pathname.split('/').pop();
	for (const query of ['', '?opening=made-up']) {
		const answer = await request.get(`/api/persons/${person}${query}`);
		expect(answer.status()).toBe(403);
		expect((await answer.json()).kind).toBe('opening_needed');
	}
});

test('an opened file shows the obligation that led to it, its reasons and its sources', async ({ page }) => {
	const rows = await queue(page);
	const title = (await rows.first().locator('span').nth(1).textContent())?.trim() ?? '';
	await rows.first().click();
	await stateWhy(page);
	await expect(page.getByRole('region', { name: 'Who opened this file' })).toContainText(READER);
	const owed = page.getByRole('region', { name: 'What is owed, and why' });
	const trigger = owed.getByRole('button', { name: title }).first();
	await expect(trigger).toHaveAttribute('aria-expanded', 'true');
	await expect(owed.getByRole('heading', { name: 'Conditions' })).toBeVisible();
	await expect(owed.getByRole('heading', { name: 'Law', exact: true })).toBeVisible();
	await audit(page);
	await fits(page);
	await picture(page, 'person');

	// The address names the obligation, and the opening outlives a reload.
	await expect(page).toHaveURL(/obligation=/);
	await page.reload();
	await expect(owed.getByRole('heading', { name: 'Conditions' })).toBeVisible();
	await trigger.click();
	await expect(owed.getByRole('heading', { name: 'Conditions' })).toHaveCount(0);
	await expect(page).not.toHaveURL(/obligation=/);
});

test('any value leads to its row', async ({ page }) => {
	await openFileWith(page, async (page) => {
		const facts = page.getByRole('region', { name: 'Facts' });
		return (await facts.getByRole('button', { name: /Show where it comes from/ }).count()) > 0;
	});
	const value = page.getByRole('region', { name: 'Facts' }).getByRole('button', { name: /Show where it comes from/ });
	await value.first().click();
	const sheet = page.getByRole('dialog');
	const cells = sheet.getByRole('table').first();
	await expect(cells).toHaveAccessibleName(/every original cell/);
	await expect(cells.getByRole('columnheader', { name: 'Original cell' })).toBeVisible();
	expect(await cells.getByRole('row').count()).toBeGreaterThan(1);
	await audit(page);
	await page.screenshot({ path: `test-results/screens/sources-${page.viewportSize()?.width}.png` });
	await page.keyboard.press('Escape');
	await expect(sheet).toBeHidden();
	await expect(value.first()).toBeFocused();
});

test('the timeline is walked with the keyboard, and each report opens its sources', async ({ page }) => {
	await openFileWith(page, async () => true);
	const view = page.getByRole('group', { name: 'View of the timeline' });
	await view.getByRole('radio', { name: 'Fold quiet stretches' }).click();
	const timeline = page.getByRole('region', { name: 'Timeline, one lane for each source' });
	const reports = timeline.locator('[data-point]');
	await expect(reports.first()).toBeVisible();
	await reports.first().focus();
	await page.keyboard.press('ArrowRight');
	await expect(timeline.locator('[data-point]:focus')).toHaveCount(1);
	await reports.first().focus();
	await page.keyboard.press('Enter');
	await expect(page.getByRole('dialog').getByRole('table').first()).toBeVisible();
	await page.keyboard.press('Escape');
	await fits(page);

	await view.getByRole('radio', { name: 'True scale' }).click();
	await page.getByRole('button', { name: 'Zoom in' }).click();
	await expect(reports.first()).toBeAttached();
	await view.getByRole('radio', { name: 'List' }).click();
	const list = page.getByRole('list', { name: 'Timeline, one lane for each source' });
	await list.getByRole('button').first().click();
	await expect(page.getByRole('dialog').getByRole('table').first()).toBeVisible();
});

test('conflicts stand side by side with their sources', async ({ page }) => {
	await openFileWith(page, async (page) => {
		const conflicts = page.getByRole('region', { name: 'Where records disagree' });
		return (await conflicts.getByRole('button').count()) > 1;
	});
	const conflicts = page.getByRole('region', { name: 'Where records disagree' });
	await expect(conflicts.getByRole('listitem').first().getByRole('button').nth(1)).toBeVisible();
	await conflicts.getByRole('button').first().click();
	const sheet = page.getByRole('dialog');
	await expect(sheet).toContainText('Sources disagree here');
	await expect(sheet.getByRole('table').nth(1)).toBeVisible();
});

test('joined records show the weight of each field', async ({ page }) => {
	await openFileWith(page, async (page) => (await page.getByRole('table', { name: /were joined/ }).count()) > 0);
	const table = page.getByRole('table', { name: /were joined/ }).first();
	await expect(table.getByRole('columnheader', { name: 'Weight (bits)' })).toBeVisible();
	expect(await table.getByRole('row').count()).toBeGreaterThan(2);
});

test('a closed file is asked for again', async ({ page }) => {
	await openFileWith(page, async () => true);
	await page.getByRole('button', { name: 'Close the file' }).click();
	await expect(page.getByRole('heading', { level: 1, name: 'This file is closed' })).toBeVisible();
	await page.getByRole('button', { name: 'Open the file' }).click();
	await expect(page.getByRole('dialog').getByLabel('Your name')).toHaveValue(READER);
});

test('the file speaks Spanish, and keeps what is open', async ({ page }) => {
	const rows = await queue(page);
	await rows.first().click();
	await stateWhy(page);
	await page.getByRole('button', { name: 'Español' }).click();
	await expect(page.getByRole('heading', { level: 2, name: 'Línea de tiempo' })).toBeVisible();
	await expect(page.getByRole('heading', { name: 'Condiciones' })).toBeVisible();
	await fits(page);
	await picture(page, 'person-es');
});

test('the file has no serious accessibility fault in the dark', async ({ page }) => {
	await page.emulateMedia({ colorScheme: 'dark' });
	const rows = await queue(page);
	await rows.first().click();
	await stateWhy(page);
	await expect(page.getByRole('heading', { name: 'Conditions' })).toBeVisible();
	await audit(page);
	await picture(page, 'person-dark');
});
