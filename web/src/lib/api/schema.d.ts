// Generated from crates/server/openapi.json by `npm run api`. Do not edit.

export interface paths {
	'/api/deliveries': {
		parameters: {
			query?: never;
			header?: never;
			path?: never;
			cookie?: never;
		};
		/** Every delivery with its receipt, newest first. */
		get: {
			parameters: {
				query?: never;
				header?: never;
				path?: never;
				cookie?: never;
			};
			requestBody?: never;
			responses: {
				200: {
					headers: {
						[name: string]: unknown;
					};
					content: {
						'application/json': components['schemas']['Delivery'][];
					};
				};
				500: {
					headers: {
						[name: string]: unknown;
					};
					content: {
						'application/json': components['schemas']['Problem'];
					};
				};
			};
		};
		put?: never;
		post?: never;
		delete?: never;
		options?: never;
		head?: never;
		patch?: never;
		trace?: never;
	};
	'/api/deliveries/{id}/summary': {
		parameters: {
			query?: never;
			header?: never;
			path?: never;
			cookie?: never;
		};
		/** What a public delivery holds, in counts that single nobody out. */
		get: {
			parameters: {
				query?: never;
				header?: never;
				path: {
					/** @description delivery id */
					id: string;
				};
				cookie?: never;
			};
			requestBody?: never;
			responses: {
				200: {
					headers: {
						[name: string]: unknown;
					};
					content: {
						'application/json': components['schemas']['DeliverySummary'];
					};
				};
				/** @description no such delivery, or not a public one */
				404: {
					headers: {
						[name: string]: unknown;
					};
					content: {
						'application/json': components['schemas']['Problem'];
					};
				};
			};
		};
		put?: never;
		post?: never;
		delete?: never;
		options?: never;
		head?: never;
		patch?: never;
		trace?: never;
	};
	'/api/ledger': {
		parameters: {
			query?: never;
			header?: never;
			path?: never;
			cookie?: never;
		};
		/** The ledger's last signed state. */
		get: {
			parameters: {
				query?: never;
				header?: never;
				path?: never;
				cookie?: never;
			};
			requestBody?: never;
			responses: {
				200: {
					headers: {
						[name: string]: unknown;
					};
					content: {
						'application/json': components['schemas']['LedgerState'];
					};
				};
				500: {
					headers: {
						[name: string]: unknown;
					};
					content: {
						'application/json': components['schemas']['Problem'];
					};
				};
			};
		};
		put?: never;
		post?: never;
		delete?: never;
		options?: never;
		head?: never;
		patch?: never;
		trace?: never;
	};
	'/api/obligations/{id}': {
		parameters: {
			query?: never;
			header?: never;
			path?: never;
			cookie?: never;
		};
		/** Why an obligation stands as it does: clauses, values, rows, law, and what would change it. */
		get: {
			parameters: {
				query?: {
					/** @description The id of an opening of this person's file. */
					opening?: string | null;
				};
				header?: never;
				path: {
					/** @description obligation id */
					id: string;
				};
				cookie?: never;
			};
			requestBody?: never;
			responses: {
				200: {
					headers: {
						[name: string]: unknown;
					};
					content: {
						'application/json': components['schemas']['Why'];
					};
				};
				/** @description `opening_needed`: the file is not open to this reader */
				403: {
					headers: {
						[name: string]: unknown;
					};
					content: {
						'application/json': components['schemas']['Problem'];
					};
				};
				/** @description no such obligation */
				404: {
					headers: {
						[name: string]: unknown;
					};
					content: {
						'application/json': components['schemas']['Problem'];
					};
				};
			};
		};
		put?: never;
		post?: never;
		delete?: never;
		options?: never;
		head?: never;
		patch?: never;
		trace?: never;
	};
	'/api/persons/{id}': {
		parameters: {
			query?: never;
			header?: never;
			path?: never;
			cookie?: never;
		};
		/** One person's whole file. */
		get: {
			parameters: {
				query?: {
					/** @description The id of an opening of this person's file. */
					opening?: string | null;
				};
				header?: never;
				path: {
					/** @description person id */
					id: string;
				};
				cookie?: never;
			};
			requestBody?: never;
			responses: {
				200: {
					headers: {
						[name: string]: unknown;
					};
					content: {
						'application/json': components['schemas']['PersonFile'];
					};
				};
				/** @description `opening_needed`: the file is not open to this reader */
				403: {
					headers: {
						[name: string]: unknown;
					};
					content: {
						'application/json': components['schemas']['Problem'];
					};
				};
				/** @description no such person */
				404: {
					headers: {
						[name: string]: unknown;
					};
					content: {
						'application/json': components['schemas']['Problem'];
					};
				};
			};
		};
		put?: never;
		post?: never;
		delete?: never;
		options?: never;
		head?: never;
		patch?: never;
		trace?: never;
	};
	'/api/persons/{id}/openings': {
		parameters: {
			query?: never;
			header?: never;
			path?: never;
			cookie?: never;
		};
		get?: never;
		put?: never;
		/** Opens a person's file for a stated purpose. The opening is written to the ledger. */
		post: {
			parameters: {
				query?: never;
				header?: never;
				path: {
					/** @description person id */
					id: string;
				};
				cookie?: never;
			};
			requestBody: {
				content: {
					'application/json': components['schemas']['OpeningRequest'];
				};
			};
			responses: {
				201: {
					headers: {
						[name: string]: unknown;
					};
					content: {
						'application/json': components['schemas']['Opening'];
					};
				};
				/** @description no purpose of that name, or no reader */
				400: {
					headers: {
						[name: string]: unknown;
					};
					content: {
						'application/json': components['schemas']['Problem'];
					};
				};
				/** @description no such person */
				404: {
					headers: {
						[name: string]: unknown;
					};
					content: {
						'application/json': components['schemas']['Problem'];
					};
				};
			};
		};
		delete?: never;
		options?: never;
		head?: never;
		patch?: never;
		trace?: never;
	};
	'/api/queue': {
		parameters: {
			query?: never;
			header?: never;
			path?: never;
			cookie?: never;
		};
		/**
		 * What is owed and due over all persons of the office, liberty first, then soonest.
		 * @description There is no way to ask for persons by nationality, religion, ethnicity, sex or status, and relief screening is not
		 *     listed: it stays in the person's own file.
		 */
		get: {
			parameters: {
				query?: never;
				header?: never;
				path?: never;
				cookie?: never;
			};
			requestBody?: never;
			responses: {
				200: {
					headers: {
						[name: string]: unknown;
					};
					content: {
						'application/json': components['schemas']['Queue'];
					};
				};
				/** @description nothing has been built yet */
				409: {
					headers: {
						[name: string]: unknown;
					};
					content: {
						'application/json': components['schemas']['Problem'];
					};
				};
			};
		};
		put?: never;
		post?: never;
		delete?: never;
		options?: never;
		head?: never;
		patch?: never;
		trace?: never;
	};
	'/api/rows': {
		parameters: {
			query?: never;
			header?: never;
			path?: never;
			cookie?: never;
		};
		/** One row of a delivery with every original cell: where a value came from. */
		get: {
			parameters: {
				query: {
					/** @description Delivery id. */
					delivery: string;
					/** @description File name within the delivery. */
					file: string;
					/** @description Worksheet, for workbooks. */
					sheet?: string | null;
					/** @description Row of the file as delivered, from 1. */
					row: number;
					/** @description The id of an opening of the file of a person whom this row is about. Not needed for public deliveries. */
					opening?: string | null;
				};
				header?: never;
				path?: never;
				cookie?: never;
			};
			requestBody?: never;
			responses: {
				200: {
					headers: {
						[name: string]: unknown;
					};
					content: {
						'application/json': components['schemas']['SourceRow'];
					};
				};
				/** @description `opening_needed`: no file that this row belongs to is open to this reader */
				403: {
					headers: {
						[name: string]: unknown;
					};
					content: {
						'application/json': components['schemas']['Problem'];
					};
				};
				/** @description no such row */
				404: {
					headers: {
						[name: string]: unknown;
					};
					content: {
						'application/json': components['schemas']['Problem'];
					};
				};
			};
		};
		put?: never;
		post?: never;
		delete?: never;
		options?: never;
		head?: never;
		patch?: never;
		trace?: never;
	};
	'/api/workspace': {
		parameters: {
			query?: never;
			header?: never;
			path?: never;
			cookie?: never;
		};
		/** The workspace as a whole: last build, deliveries, ledger, purposes. */
		get: {
			parameters: {
				query?: never;
				header?: never;
				path?: never;
				cookie?: never;
			};
			requestBody?: never;
			responses: {
				200: {
					headers: {
						[name: string]: unknown;
					};
					content: {
						'application/json': components['schemas']['WorkspaceSummary'];
					};
				};
				500: {
					headers: {
						[name: string]: unknown;
					};
					content: {
						'application/json': components['schemas']['Problem'];
					};
				};
			};
		};
		put?: never;
		post?: never;
		delete?: never;
		options?: never;
		head?: never;
		patch?: never;
		trace?: never;
	};
}
export type webhooks = Record<string, never>;
export interface components {
	schemas: {
		/** @description What a build derived. */
		BuildSummary: {
			/** @description The day for which everything was computed. */
			as_of: string;
			/** @description Build id: a hash of everything that went in. */
			id: string;
			/**
			 * Format: int64
			 * @description Links between records.
			 */
			links: number;
			/**
			 * Format: int64
			 * @description Moments on all timelines.
			 */
			moments: number;
			/** @description Obligations, by status. */
			obligations: components['schemas']['StatusCount'][];
			/**
			 * Format: int64
			 * @description Persons that they form.
			 */
			persons: number;
			/**
			 * Format: int64
			 * @description Person records that were linked.
			 */
			records: number;
		};
		/** @description A date that a contested version of a rule would give. */
		Caution: {
			/** @description The date. */
			date: string;
			/** @description Its state, such as `vacated`. */
			state: string;
			/** @description Version of the rule. */
			version: string;
		};
		/** @description One cell. */
		Cell: {
			/** @description Column header as it stands in the file. */
			column: string;
			/** @description What was wrong with it, such as `redacted`. */
			problem?: string | null;
			/** @description Original text. */
			text?: string | null;
			/** @description Typed value as it was understood. */
			value?: string | null;
		};
		/** @description One condition of a criterion. */
		Clause: {
			/** @description The facts that it reads. */
			facts: components['schemas']['Fact'][];
			/** @description Clause id. */
			id: string;
			/** @description The facts that it misses. */
			missing: components['schemas']['Missing'][];
			/** @description What it is for: `applies`, `unless`, `no_limit`, `excuses`, `choices`, `signals`, `boundary`. */
			role: string;
			/** @description As the library has it. */
			sql: string;
			/** @description In plain words. */
			text: components['schemas']['Text'];
			/** @description `true`, `false` or `unknown`. */
			value: string;
		};
		/** @description Where records disagree. */
		Conflict: {
			/** @description What they disagree on. */
			label: components['schemas']['Text'];
			/** @description The values side by side. */
			values: components['schemas']['FactValue'][];
		};
		/** @description One delivery with its receipt. */
		Delivery: {
			/** @description When it was taken in. */
			added_at?: string | null;
			/** @description By whom. */
			added_by?: string | null;
			/** @description Who keeps the records. */
			custodian: string;
			/** @description What became of the rows: events by type. */
			events: components['schemas']['NamedCount'][];
			/** @description File by file. */
			files: components['schemas']['DeliveryFile'][];
			/** @description `clients` or `public`. */
			holds: string;
			/** @description Delivery id. */
			id: string;
			/** @description Mapping id. */
			mapping: string;
			/**
			 * Format: int32
			 * @description Mapping version.
			 */
			mapping_version: number;
			/** @description Objects by type. */
			objects: components['schemas']['NamedCount'][];
			/** @description How they were obtained. */
			obtained: string;
			/** @description Whether every row is accounted for. */
			reconciled: boolean;
			/**
			 * Format: int64
			 * @description Rows kept.
			 */
			rows_kept: number;
			/**
			 * Format: int64
			 * @description Rows read over all files.
			 */
			rows_read: number;
			/**
			 * Format: int64
			 * @description Rows refused, each with its reason.
			 */
			rows_refused: number;
			/**
			 * Format: int64
			 * @description Rows repaired by a named rule (kept too).
			 */
			rows_repaired: number;
			/** @description Source id. */
			source: string;
			/** @description The last day that the source says the delivery covers. */
			through?: string | null;
		};
		/** @description One file of a delivery. */
		DeliveryFile: {
			/**
			 * Format: int64
			 * @description Rows above the header.
			 */
			banner_rows: number;
			/** @description Rows that do not make sense, by rule. They are kept like every other. */
			conflicts: components['schemas']['FlaggedRows'][];
			/**
			 * Format: int64
			 * @description Rows that the delivery itself says the file has.
			 */
			declared_rows?: number | null;
			/** @description Rows that are likely told twice, by rule. They are kept like every other. */
			duplicates: components['schemas']['FlaggedRows'][];
			/** @description Path as given. */
			path: string;
			/** @description Problems by kind and column. */
			problems: components['schemas']['ProblemCount'][];
			/** @description Samples of refused rows. */
			refusals: components['schemas']['Refusal'][];
			/** @description Samples of repaired rows. */
			repairs: components['schemas']['Repair'][];
			/**
			 * Format: int64
			 * @description Rows kept.
			 */
			rows_kept: number;
			/**
			 * Format: int64
			 * @description Rows read.
			 */
			rows_read: number;
			/**
			 * Format: int64
			 * @description Rows refused.
			 */
			rows_refused: number;
			/**
			 * Format: int64
			 * @description Rows repaired.
			 */
			rows_repaired: number;
			/** @description SHA-256 of the file as delivered, hex. */
			sha256: string;
			/** @description Worksheet, for workbooks. */
			sheet?: string | null;
			/** @description Table of the mapping. */
			table: string;
		};
		/** @description What a public delivery holds, in counts that single nobody out. */
		DeliverySummary: {
			/** @description Events by type and month. */
			by_month: components['schemas']['MonthCount'][];
			/** @description Delivery id. */
			delivery: string;
			/**
			 * Format: int64
			 * @description Cells smaller than this are not shown.
			 */
			smallest_cell: number;
		};
		/** @description What the record says of one fact. */
		Fact: {
			/** @description What it is. */
			label: components['schemas']['Text'];
			/** @description Fact name. */
			name: string;
			/** @description `known`, `absent` or `conflict`. */
			state: string;
			/** @description The values; two or more if records disagree. For an absence, the day through which it is known. */
			values: components['schemas']['FactValue'][];
		};
		/** @description A value and the rows behind it. */
		FactValue: {
			/** @description The rows. */
			from: components['schemas']['Pointer'][];
			/** @description The value. */
			value: string;
		};
		/** @description A name and value as a row gives them. */
		Field: {
			/** @description What it is. */
			label: components['schemas']['Text'];
			/** @description Attribute name. */
			name: string;
			/** @description Its value. */
			value: string;
		};
		/** @description Rows that a rule of the mapping flags. */
		FlaggedRows: {
			/**
			 * Format: int64
			 * @description Rows.
			 */
			count: number;
			/** @description The rule. */
			rule: string;
			/** @description Why it flags a row, as the mapping says it. */
			why?: string | null;
		};
		/** @description A change that would change the status. */
		Flip: {
			/** @description The fact. */
			fact: string;
			/** @description Its value now. */
			from?: string | null;
			/** @description What it is. */
			label: components['schemas']['Text'];
			/** @description The finer result then. */
			result: string;
			/** @description The status then. */
			status: string;
			/** @description The value that would change the status. */
			to: components['schemas']['Text'];
		};
		/** @description A lane of the timeline: one source. */
		Lane: {
			/** @description Its custodian. */
			label: string;
			/** @description Source id. */
			source: string;
		};
		/** @description The ledger's last signed state. */
		LedgerState: {
			/** @description Name of the log. */
			origin: string;
			/** @description Root hash, base64. */
			root: string;
			/**
			 * Format: int64
			 * @description Entries.
			 */
			size: number;
			/** @description Verifier key that outsiders check signatures with. */
			verifier_key: string;
		};
		/** @description Why two records were joined. */
		Link: {
			/** @description Weight by field. */
			fields: components['schemas']['LinkField'][];
			/** @description One record. */
			left: string;
			/**
			 * Format: double
			 * @description Probability that both are one person.
			 */
			probability: number;
			/** @description The other. */
			right: string;
			/**
			 * Format: double
			 * @description Total weight in bits (log2 of the odds).
			 */
			weight: number;
		};
		/** @description What one field contributed to a link. */
		LinkField: {
			/** @description Field name. */
			field: string;
			/** @description Value on the left. */
			left?: string | null;
			/** @description How the values agree. */
			level: string;
			/** @description Value on the right. */
			right?: string | null;
			/**
			 * Format: double
			 * @description Weight in bits.
			 */
			weight: number;
		};
		/** @description A missing fact. */
		Missing: {
			/** @description Fact name. */
			fact: string;
			/** @description What it is. */
			label: components['schemas']['Text'];
			/** @description The record that would settle it. */
			settled_by: components['schemas']['Text'];
		};
		/** @description One thing that happened. */
		Moment: {
			/** @description Earliest reported day. */
			day: string;
			/** @description Stable id within the build. */
			id: string;
			/** @description Whether reports disagree. */
			in_conflict: boolean;
			/** @description Event type, such as `decided`. */
			kind: string;
			/** @description What it is. */
			label: components['schemas']['Text'];
			/** @description Every report. */
			reports: components['schemas']['Report'][];
		};
		/** @description Events of a type in a month. */
		MonthCount: {
			/**
			 * Format: int64
			 * @description How many; none if the cell is too small to show.
			 */
			count?: number | null;
			/** @description Event type. */
			event: string;
			/** @description Month, `YYYY-MM`. */
			month: string;
		};
		/** @description A name and how many. */
		NamedCount: {
			/**
			 * Format: int64
			 * @description How many.
			 */
			count: number;
			/** @description Name. */
			name: string;
		};
		/** @description A computed date. */
		NamedDate: {
			/** @description How it was counted. */
			arithmetic: components['schemas']['Text'];
			/** @description The date, or none if what it counts from is unknown. */
			date?: string | null;
			/** @description Date id. */
			id: string;
			/** @description What it is. */
			label: components['schemas']['Text'];
		};
		/** @description One thing in a queue or a person's file: what a criterion yields for one subject. */
		Obligation: {
			/** @description Whether counsel has approved the criterion. */
			approved: boolean;
			/** @description Whether the case is near a boundary, where readings of the law differ. */
			boundary: boolean;
			/** @description Earlier dates that a contested version of the rule would give. */
			cautions: components['schemas']['Caution'][];
			/** @description Its short code, such as `A2`. */
			code: string;
			/** @description `SURE`, `CHECK`, `WATCH`: how sure the library is of this version of the rule. */
			confidence: string;
			/** @description The criterion's name, such as `bia-appeal-notice`. */
			criterion: string;
			/**
			 * Format: int64
			 * @description Days from the as-of day to `next_date`; negative when it has passed.
			 */
			days_left?: number | null;
			/** @description For an agency's duty: the strict date. */
			due?: string | null;
			/** @description The day on which the status will change if nothing else does. */
			flip_date?: string | null;
			/** @description Obligation id. */
			id: string;
			/** @description Whether it hangs on a fact on which records disagree. */
			in_conflict: boolean;
			/** @description Whether the person is in custody, as far as the record says. */
			in_custody?: boolean | null;
			/** @description Whether liberty is at stake: the person is in custody, or the criterion itself is about custody or citizenship. */
			liberty: boolean;
			/** @description Facts that are missing, and the record that would settle each. */
			missing: components['schemas']['Missing'][];
			/** @description The date by which this stands in the queue: the first of safe_by, due and opens that matters now. */
			next_date?: string | null;
			/** @description The day from which something becomes possible. */
			opens?: string | null;
			/** @description `owed_to_person`, `due_from_person`, `possible_relief`, `possible_citizenship`, `record_conflict`. */
			outcome: string;
			/** @description For a person's duty: the last date of the friendliest reading. Use it only to argue that a filing was in time. */
			outer?: string | null;
			/** @description Who owes it. */
			owed_by: components['schemas']['Text'];
			/** @description To whom. */
			owed_to: components['schemas']['Text'];
			/** @description Whose case. */
			person: components['schemas']['PersonRef'];
			/** @description The finer result, such as `possible_signal`, `open_no_time_limit` or `late`. */
			result: string;
			/** @description For a person's duty: the earliest date that any reasonable reading gives. */
			safe_by?: string | null;
			/** @description `owed`, `due`, `met`, `missed`, `not_applicable`, `cannot_tell`. */
			status: string;
			/** @description What it is about, such as `decision`. */
			subject: string;
			/** @description Which one. */
			subject_key: string;
			/** @description The same, for people. */
			subject_label: components['schemas']['Text'];
			/** @description Its title. */
			title: components['schemas']['Text'];
			watch?: components['schemas']['Text'] | null;
			/**
			 * Format: double
			 * @description How sure linkage is that the weakest record behind this person belongs to them: 0 to 1.
			 */
			weakest_link?: number | null;
		};
		/** @description A file, opened. */
		Opening: {
			/** @description Since when. */
			at: string;
			/** @description To be shown with every further request about this person. */
			id: string;
			/** @description Whose file. */
			person: string;
			/** @description Why. */
			purpose: string;
			/** @description Who reads. */
			reader: string;
			/** @description Until when it serves. */
			until: string;
		};
		/** @description Who opened a file, when and why. */
		OpeningNote: {
			/** @description When. */
			at: string;
			/** @description Why. */
			purpose: string;
			/** @description Who. */
			reader: string;
		};
		/** @description A request to open a person's file. */
		OpeningRequest: {
			/** @description Why: one of the workspace's purposes. */
			purpose: string;
			/** @description Who reads. */
			reader: string;
		};
		/** @description One person's file. */
		PersonFile: {
			/** @description The day for which it was computed. */
			as_of: string;
			/** @description Where records disagree. */
			conflicts: components['schemas']['Conflict'][];
			/** @description Facts about the person as a whole. */
			facts: components['schemas']['Fact'][];
			/** @description Whether in custody, as far as the record says. */
			in_custody?: boolean | null;
			/** @description Lanes of the timeline, in order. */
			lanes: components['schemas']['Lane'][];
			/** @description Why the records were joined. */
			links: components['schemas']['Link'][];
			/** @description What happened, earliest first. */
			moments: components['schemas']['Moment'][];
			/** @description What is owed and due, what cannot be told, what was met or missed; everything but not applicable. */
			obligations: components['schemas']['Obligation'][];
			/** @description Who opened this file before, newest first. */
			openings: components['schemas']['OpeningNote'][];
			/** @description Other names on record. */
			other_names: string[];
			/** @description Who. */
			person: components['schemas']['PersonRef'];
			/** @description The records that form this person. */
			records: components['schemas']['Record'][];
			/** @description Stays in custody, earliest first. */
			stays: components['schemas']['Stay'][];
		};
		/** @description A person, as lists name them. */
		PersonRef: {
			/** @description Person id. */
			id: string;
			/** @description Name as the office writes it. */
			name: string;
		};
		/** @description Where a value came from: a row of a file of a delivery. */
		Pointer: {
			/** @description Delivery id. */
			delivery: string;
			/** @description File name within the delivery. */
			file: string;
			/**
			 * Format: int64
			 * @description Row of the file as delivered, from 1.
			 */
			row: number;
			/** @description Worksheet, for workbooks. */
			sheet?: string | null;
			/** @description Source that made the delivery, such as `eoir`. */
			source: string;
		};
		/** @description A problem, told so that a person knows what would work. */
		Problem: {
			/** @description What went wrong. */
			detail: string;
			/** @description What would work. */
			help?: string | null;
			/** @description Short machine name, such as `opening_needed`. */
			kind: string;
		};
		/** @description How often a problem occurred in a column. */
		ProblemCount: {
			/** @description Column. */
			column: string;
			/**
			 * Format: int64
			 * @description Cells.
			 */
			count: number;
			/** @description Kind, such as `redacted` or `not_a_date`. */
			kind: string;
		};
		/** @description The queue: what is owed and due over all persons of the office, liberty first, then soonest. */
		Queue: {
			/** @description The day for which it was computed. */
			as_of: string;
			/** @description Obligations. Relief screening is not listed here: it stays in the person's own file. */
			items: components['schemas']['Obligation'][];
		};
		/** @description One source's view of the person. */
		Record: {
			/** @description What its rows say. */
			fields: components['schemas']['Field'][];
			/** @description Record id. */
			id: string;
			/** @description The first row that describes it. */
			pointer: components['schemas']['Pointer'];
		};
		/** @description A refused row. */
		Refusal: {
			/**
			 * Format: int64
			 * @description Its cells, as far as they could be told apart. The row itself is kept verbatim beside the evidence.
			 */
			cells: number;
			/** @description Why. */
			reason: string;
			/**
			 * Format: int64
			 * @description Row of the file.
			 */
			row: number;
		};
		/** @description A repaired row, before and after. */
		Repair: {
			/** @description Cells as kept. */
			after: string[];
			/** @description Cells as delivered. */
			before: string[];
			/**
			 * Format: int64
			 * @description Row of the file.
			 */
			row: number;
			/** @description The named rule. */
			rule: string;
		};
		/** @description One source's report of a moment. */
		Report: {
			/** @description When, as this source says: a day, or a day and time. */
			at: string;
			/** @description What the row says. */
			fields: components['schemas']['Field'][];
			/** @description The row. */
			pointer: components['schemas']['Pointer'];
			/** @description Source id: the lane. */
			source: string;
		};
		/** @description One row of a delivery with every original cell. */
		SourceRow: {
			/** @description Cells in the order of the file. */
			cells: components['schemas']['Cell'][];
			/** @description The mapping that read it. */
			mapping: string;
			/**
			 * Format: int32
			 * @description Version of that mapping.
			 */
			mapping_version: number;
			/** @description The row. */
			pointer: components['schemas']['Pointer'];
		};
		/** @description How many obligations stand where. */
		StatusCount: {
			/**
			 * Format: int64
			 * @description How many.
			 */
			count: number;
			/** @description `owed`, `due`, `met`, `missed`, `not_applicable`, `cannot_tell`. */
			status: string;
		};
		/** @description A stay in custody. */
		Stay: {
			/**
			 * Format: int64
			 * @description Whole days so far.
			 */
			days: number;
			/** @description First day. */
			from: string;
			/** @description Stints, one for each facility. */
			stints: components['schemas']['Stint'][];
			/** @description Last day, if a record says so. */
			to?: string | null;
		};
		/** @description A stretch in one facility. */
		Stint: {
			/** @description Facility. */
			facility?: string | null;
			/** @description First day. */
			from: string;
			/** @description The rows. */
			pointers: components['schemas']['Pointer'][];
			/** @description Source id: the lane. */
			source: string;
			/** @description Last day, if a record says so. */
			to?: string | null;
		};
		/** @description One text in every language of the product. */
		Text: {
			/** @description English. */
			en: string;
			/** @description Spanish. */
			es: string;
		};
		/** @description The version of a rule that was used. */
		Version: {
			/** @description The law behind this version. */
			authority: string[];
			/** @description `SURE`, `CHECK` or `WATCH`. */
			confidence: string;
			/** @description First day of its range. */
			from?: string | null;
			/** @description Version id. */
			id: string;
			note?: components['schemas']['Text'] | null;
			/** @description Where or for whom it holds, such as `nation`. */
			scope: string;
			/** @description Why this version: the selector and its value. */
			selected_by: components['schemas']['Text'];
			/** @description `in_force`, `vacated`, … */
			state: string;
			/** @description First day after its range. */
			to?: string | null;
			watch?: components['schemas']['Text'] | null;
		};
		/** @description Why an obligation stands as it does. */
		Why: {
			/** @description Exceptions to ask about: they do not stop the clock until a record shows them. */
			ask: components['schemas']['Text'][];
			/** @description The law behind it. */
			authority: string[];
			/** @description Each condition with its value. */
			clauses: components['schemas']['Clause'][];
			/** @description Each date with its arithmetic. */
			dates: components['schemas']['NamedDate'][];
			/** @description What the criterion says, in plain words. */
			explanation: components['schemas']['Text'];
			/** @description Every fact that the criterion can read and the record has. */
			facts: components['schemas']['Fact'][];
			/** @description The smallest changes that would change the status. */
			flips: components['schemas']['Flip'][];
			/** @description What must be said with every result. */
			notice: components['schemas']['Text'];
			/** @description The obligation. */
			obligation: components['schemas']['Obligation'];
			version?: components['schemas']['Version'] | null;
		};
		/** @description The workspace as a whole. */
		WorkspaceSummary: {
			build?: components['schemas']['BuildSummary'] | null;
			/**
			 * Format: int64
			 * @description Criteria in the library.
			 */
			criteria: number;
			/**
			 * Format: int64
			 * @description Criteria that counsel has approved.
			 */
			criteria_approved: number;
			/**
			 * Format: int64
			 * @description Deliveries taken in.
			 */
			deliveries: number;
			/** @description The ledger's state. */
			ledger: components['schemas']['LedgerState'];
			/** @description Its name. */
			name: string;
			/** @description The purposes for which a file may be opened. */
			purposes: string[];
			/**
			 * Format: int64
			 * @description Rows taken in over all deliveries.
			 */
			rows: number;
		};
	};
	responses: never;
	parameters: never;
	requestBodies: never;
	headers: never;
	pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
