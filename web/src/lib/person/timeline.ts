import type { Moment, Obligation, PersonFile, Report, Stint } from '$lib/api/client';
import { dayNumber } from '$lib/format';
import { scaleLinear } from 'd3-scale';

// Where things stand on the timeline. Only geometry: words and clicks are the component's.

export const ROW = 26;
const LANE_PADDING = 7;
const DOT = 11;
const LABEL_GAP = 5;
const LABEL_MOST = 200;
const ROWS_MOST = 7;
/** Room on the right for the labels of dates ahead. */
const AHEAD_ROOM = 170;

/** A quiet stretch longer than this is drawn shorter than it was, if the reader lets it. */
const QUIET_DAYS = 75;

export interface Stretch {
	from: number;
	to: number;
	x: number;
	width: number;
}

export interface Scale {
	x: (day: number) => number;
	/** Stretches drawn shorter than they were. */
	folded: Stretch[];
	from: number;
	to: number;
}

export interface Point {
	id: string;
	kind: 'report' | 'ahead';
	day: number;
	x: number;
	y: number;
	label: string;
	/** Room for the label; none if it would cover another. */
	labelWidth: number;
	side: 'right' | 'left';
	moment?: Moment;
	report?: Report;
	obligation?: Obligation;
}

export interface Bar {
	id: string;
	stint: Stint;
	x: number;
	y: number;
	width: number;
	open: boolean;
}

export interface PlacedLane {
	id: string;
	top: number;
	height: number;
	points: Point[];
}

export interface Connector {
	conflict: boolean;
	x1: number;
	y1: number;
	x2: number;
	y2: number;
}

export interface Layout {
	scale: Scale;
	width: number;
	height: number;
	custody: { top: number; height: number; bars: Bar[] } | undefined;
	stays: { x: number; width: number }[];
	lanes: PlacedLane[];
	ahead: PlacedLane | undefined;
	connectors: Connector[];
	rowsMost: number;
}

/** The obligations that the timeline shows as dates: open ones, on the day that matters now. */
export function datesAhead(file: PersonFile): { obligation: Obligation; date: string }[] {
	return file.obligations.flatMap((obligation) => {
		if (!['owed', 'due', 'missed'].includes(obligation.status)) return [];
		const date = obligation.next_date ?? (obligation.status === 'missed' ? (obligation.outer ?? obligation.due) : null);
		return date ? [{ obligation, date }] : [];
	});
}

function days(file: PersonFile): number[] {
	const all = [
		file.as_of,
		...file.moments.flatMap((moment) => moment.reports.map((report) => report.at)),
		...file.stays.flatMap((stay) => stay.stints.flatMap((stint) => [stint.from, stint.to ?? file.as_of])),
		...datesAhead(file).map(({ date }) => date)
	].map(dayNumber);
	return [...new Set(all)].sort((a, b) => a - b);
}

/** How long a stretch is drawn, in days: long quiet ones grow with their logarithm only. */
const drawn = (length: number) => (length <= QUIET_DAYS ? length : QUIET_DAYS + 24 * Math.log2(length / QUIET_DAYS));

export function makeScale(file: PersonFile, width: number, fold: boolean): Scale {
	const stops = days(file);
	const first = stops[0] ?? 0;
	const last = stops.at(-1) ?? first;
	const margin = Math.max(10, fold ? 25 : (last - first) * 0.02);
	const ends = [first - margin, ...stops, last + margin];
	const positions = [0];
	for (let at = 1; at < ends.length; at++) {
		const length = (ends[at] ?? 0) - (ends[at - 1] ?? 0);
		positions.push((positions[at - 1] ?? 0) + (fold ? drawn(length) : length));
	}
	const total = positions.at(-1) || 1;
	const reach = width > 4 * AHEAD_ROOM ? width - AHEAD_ROOM : width;
	const scale = scaleLinear(
		ends,
		positions.map((position) => (position / total) * reach)
	);
	const folded: Stretch[] = [];
	for (let at = 1; fold && at < ends.length; at++) {
		const [from, to] = [ends[at - 1] ?? 0, ends[at] ?? 0];
		if (drawn(to - from) < (to - from) * 0.72) {
			folded.push({ from, to, x: scale(from), width: scale(to) - scale(from) });
		}
	}
	return { x: (day) => scale(day), folded, from: first - margin, to: scale.invert(width) };
}

/** Puts points into rows so that no label covers another point; a label without room is left out. */
function pack(points: Point[], width: number): number {
	const rows: { from: number; to: number }[][] = [];
	const free = (row: number, from: number, to: number) =>
		(rows[row] ?? []).every((taken) => to <= taken.from || from >= taken.to);
	const take = (point: Point, row: number, from: number, to: number) => {
		(rows[row] ??= []).push({ from, to });
		point.y = row;
	};
	for (const point of points.sort((a, b) => a.x - b.x)) {
		const room = DOT + LABEL_GAP + point.labelWidth + 8;
		const right = [point.x - DOT, point.x + room] as const;
		const left = [point.x - room, point.x + DOT] as const;
		const fitsRight = right[1] <= width;
		const tries: ['right' | 'left', readonly [number, number]][] = fitsRight ? [['right', right]] : [['left', left]];
		if (fitsRight && left[0] > 0) tries.push(['left', left]);
		let placed = false;
		for (let row = 0; row < ROWS_MOST && !placed; row++) {
			for (const [side, [from, to]] of tries) {
				// A label to the left is a last resort within the first rows: reading order runs right.
				if (side === 'left' && fitsRight && row > 0) continue;
				if (!free(row, from, to)) continue;
				point.side = side;
				take(point, row, from, to);
				placed = true;
				break;
			}
		}
		for (let row = 0; !placed; row++) {
			if (row < 40 && !free(row, point.x - DOT, point.x + DOT)) continue;
			point.labelWidth = 0;
			take(point, row, point.x - DOT, point.x + DOT);
			placed = true;
		}
	}
	return Math.max(1, rows.length);
}

export interface Words {
	/** Width of a text on the page, in pixels. */
	measure: (text: string) => number;
	moment: (moment: Moment) => string;
	obligation: (obligation: Obligation) => string;
}

export function layOut(file: PersonFile, width: number, fold: boolean, words: Words): Layout {
	const scale = makeScale(file, width, fold);
	const labelled = (label: string) => Math.min(LABEL_MOST, Math.ceil(words.measure(label)) + 4);
	let top = 0;
	let rowsMost = 1;

	const lane = (id: string, points: Point[]): PlacedLane => {
		const rows = pack(points, width);
		rowsMost = Math.max(rowsMost, rows);
		const height = rows * ROW + 2 * LANE_PADDING;
		for (const point of points) point.y = top + LANE_PADDING + point.y * ROW + ROW / 2;
		const placed = { id, top, height, points };
		top += height;
		return placed;
	};

	let custody: Layout['custody'];
	const stints = file.stays.flatMap((stay) => stay.stints);
	if (stints.length > 0) {
		const ends: number[] = [];
		const bars = stints
			.map((stint, at) => {
				const x = scale.x(dayNumber(stint.from));
				const end = scale.x(dayNumber(stint.to ?? file.as_of));
				return { id: `stint-${at}`, stint, x, y: 0, width: Math.max(10, end - x), open: !stint.to };
			})
			.sort((a, b) => a.x - b.x);
		for (const bar of bars) {
			let row = ends.findIndex((end) => end <= bar.x + 1);
			if (row < 0) row = ends.length;
			ends[row] = bar.x + bar.width;
			bar.y = top + LANE_PADDING + row * ROW;
		}
		custody = { top, height: ends.length * ROW + 2 * LANE_PADDING, bars };
		top += custody.height;
	}

	const lanes = file.lanes.map(({ source }) => {
		const seen = new Set<string>();
		const points = file.moments.flatMap((moment) =>
			moment.reports.flatMap((report, at): Point[] => {
				// Two rows of one source that say the same of one moment are one dot; the sheet shows both.
				const key = `${moment.id}@${report.at.slice(0, 10)}`;
				if (report.source !== source || seen.has(key)) return [];
				seen.add(key);
				const day = dayNumber(report.at);
				const label = words.moment(moment);
				return [
					{
						id: `${moment.id}-${at}`,
						kind: 'report',
						day,
						x: scale.x(day),
						y: 0,
						label,
						labelWidth: labelled(label),
						side: 'right',
						moment,
						report
					}
				];
			})
		);
		return lane(source, points);
	});

	const dates = datesAhead(file);
	const ahead =
		dates.length > 0
			? lane(
					'ahead',
					dates.map(({ obligation, date }): Point => {
						const label = words.obligation(obligation);
						return {
							id: obligation.id,
							kind: 'ahead',
							day: dayNumber(date),
							x: scale.x(dayNumber(date)),
							y: 0,
							label,
							labelWidth: labelled(label),
							side: 'right',
							obligation
						};
					})
				)
			: undefined;

	const byMoment = new Map<Moment, Point[]>();
	for (const point of lanes.flatMap((placed) => placed.points)) {
		if (point.moment) byMoment.set(point.moment, [...(byMoment.get(point.moment) ?? []), point]);
	}
	const connectors = [...byMoment].flatMap(([moment, points]) => {
		const down = points.sort((a, b) => a.y - b.y);
		return down.slice(1).map((point, at): Connector => {
			const above = down[at] ?? point;
			return { conflict: moment.in_conflict, x1: above.x, y1: above.y, x2: point.x, y2: point.y };
		});
	});

	const stays = file.stays.map((stay) => {
		const x = scale.x(dayNumber(stay.from));
		return { x, width: Math.max(2, scale.x(dayNumber(stay.to ?? file.as_of)) - x) };
	});

	return { scale, width, height: top, custody, stays, lanes, ahead, connectors, rowsMost };
}

export interface Tick {
	x: number;
	day: number;
	year: boolean;
}

/** First days of months that have room on the axis; Januaries first, then Julies, and so on. */
export function ticks(scale: Scale, taken: number[]): Tick[] {
	const first = new Date(scale.from * 86_400_000);
	const wanted: { day: number; rank: number }[] = [];
	for (let at = first.getUTCFullYear() * 12 + first.getUTCMonth() + 1; ; at++) {
		const day = Date.UTC(Math.floor(at / 12), at % 12) / 86_400_000;
		if (day > scale.to) break;
		const month = at % 12;
		wanted.push({ day, rank: month === 0 ? 0 : month === 6 ? 1 : month % 3 === 0 ? 2 : 3 });
	}
	const placed: Tick[] = [];
	for (const { day, rank } of wanted.sort((a, b) => a.rank - b.rank || a.day - b.day)) {
		if (rank > 0 && scale.folded.some((stretch) => day > stretch.from && day < stretch.to)) continue;
		const x = scale.x(day);
		const near = (other: number) => Math.abs(other - x) < 46;
		if (x < 4 || placed.some((tick) => near(tick.x)) || taken.some(near)) continue;
		placed.push({ x, day, year: rank === 0 });
	}
	return placed;
}
