// Generated from crates/server/openapi.json by `npm run api`. Do not edit.

export interface paths {
	'/api/workspace': {
		parameters: {
			query?: never;
			header?: never;
			path?: never;
			cookie?: never;
		};
		/** The workspace as a whole. */
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
	'/api/queue': {
		parameters: {
			query?: never;
			header?: never;
			path?: never;
			cookie?: never;
		};
		/** What is owed and due. */
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
	'/api/persons/{id}/openings': {
		parameters: {
			query?: never;
			header?: never;
			path?: never;
			cookie?: never;
		};
		get?: never;
		put?: never;
		/** Opens a person's file. */
		post: {
			parameters: {
				query?: never;
				header?: never;
				path: {
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
				400: {
					headers: {
						[name: string]: unknown;
					};
					content: {
						'application/json': components['schemas']['Problem'];
					};
				};
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
					opening?: string | null;
				};
				header?: never;
				path: {
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
				403: {
					headers: {
						[name: string]: unknown;
					};
					content: {
						'application/json': components['schemas']['Problem'];
					};
				};
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
	'/api/obligations/{id}': {
		parameters: {
			query?: never;
			header?: never;
			path?: never;
			cookie?: never;
		};
		/** Why an obligation stands as it does. */
		get: {
			parameters: {
				query?: {
					opening?: string | null;
				};
				header?: never;
				path: {
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
				403: {
					headers: {
						[name: string]: unknown;
					};
					content: {
						'application/json': components['schemas']['Problem'];
					};
				};
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
	'/api/rows': {
		parameters: {
			query?: never;
			header?: never;
			path?: never;
			cookie?: never;
		};
		/** One row of a delivery. */
		get: {
			parameters: {
				query: {
					delivery: string;
					file: string;
					sheet?: string | null;
					row: number;
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
				403: {
					headers: {
						[name: string]: unknown;
					};
					content: {
						'application/json': components['schemas']['Problem'];
					};
				};
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
	'/api/deliveries': {
		parameters: {
			query?: never;
			header?: never;
			path?: never;
			cookie?: never;
		};
		/** Every delivery with its receipt. */
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
		/** What a public delivery holds. */
		get: {
			parameters: {
				query?: never;
				header?: never;
				path: {
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
}
export type webhooks = Record<string, never>;
export interface components {
	schemas: {
		/** @description One text in every language of the product. */
		Text: {
			/** @description English. */
			en: string;
			/** @description Spanish. */
			es: string;
		};
		/** @description Where a value came from: a row of a file of a delivery. */
		Pointer: {
			/** @description Delivery id. */
			delivery: string;
			/** @description File name within the delivery. */
			file: string;
			/** @description Worksheet, for workbooks. */
			sheet?: string | null;
			/**
			 * Format: int64
			 * @description Row of the file as delivered, from 1.
			 */
			row: number;
			/** @description Source that made the delivery, such as `eoir`. */
			source: string;
		};
		/** @description A problem, told so that a person knows what would work. */
		Problem: {
			/** @description Short machine name, such as `opening_needed`. */
			kind: string;
			/** @description What went wrong. */
			detail: string;
			/** @description What would work. */
			help?: string | null;
		};
		/** @description The workspace as a whole. */
		WorkspaceSummary: {
			/** @description Its name. */
			name: string;
			/** @description The last build, if there is one. */
			build?: null | components['schemas']['BuildSummary'];
			/**
			 * Format: int64
			 * @description Deliveries taken in.
			 */
			deliveries: number;
			/**
			 * Format: int64
			 * @description Rows taken in over all deliveries.
			 */
			rows: number;
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
			/** @description The ledger's state. */
			ledger: components['schemas']['LedgerState'];
			/** @description The purposes for which a file may be opened. */
			purposes: string[];
		};
		/** @description What a build derived. */
		BuildSummary: {
			/** @description Build id: a hash of everything that went in. */
			id: string;
			/** @description The day for which everything was computed. */
			as_of: string;
			/**
			 * Format: int64
			 * @description Person records that were linked.
			 */
			records: number;
			/**
			 * Format: int64
			 * @description Persons that they form.
			 */
			persons: number;
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
		};
		/** @description How many obligations stand where. */
		StatusCount: {
			/** @description `owed`, `due`, `met`, `missed`, `not_applicable`, `cannot_tell`. */
			status: string;
			/**
			 * Format: int64
			 * @description How many.
			 */
			count: number;
		};
		/** @description The ledger's last signed state. */
		LedgerState: {
			/** @description Name of the log. */
			origin: string;
			/**
			 * Format: int64
			 * @description Entries.
			 */
			size: number;
			/** @description Root hash, base64. */
			root: string;
			/** @description Verifier key that outsiders check signatures with. */
			verifier_key: string;
		};
		/** @description One thing in a queue or a person's file: what a criterion yields for one subject. */
		Obligation: {
			/** @description Obligation id. */
			id: string;
			/** @description Whose case. */
			person: components['schemas']['PersonRef'];
			/** @description The criterion's name, such as `bia-appeal-notice`. */
			criterion: string;
			/** @description Its short code, such as `A2`. */
			code: string;
			/** @description Its title. */
			title: components['schemas']['Text'];
			/** @description `owed_to_person`, `due_from_person`, `possible_relief`, `possible_citizenship`, `record_conflict`. */
			outcome: string;
			/** @description `owed`, `due`, `met`, `missed`, `not_applicable`, `cannot_tell`. */
			status: string;
			/** @description The finer result, such as `possible_signal`, `open_no_time_limit` or `late`. */
			result: string;
			/** @description What it is about, such as `decision`. */
			subject: string;
			/** @description The same, for people. */
			subject_label: components['schemas']['Text'];
			/** @description Which one. */
			subject_key: string;
			/** @description Who owes it. */
			owed_by: components['schemas']['Text'];
			/** @description To whom. */
			owed_to: components['schemas']['Text'];
			/** @description Whether liberty is at stake: the person is in custody, or the criterion itself is about custody or citizenship. */
			liberty: boolean;
			/** @description Whether the person is in custody, as far as the record says. */
			in_custody?: boolean | null;
			/** @description For a person's duty: the earliest date that any reasonable reading gives. */
			safe_by?: string | null;
			/** @description For a person's duty: the last date of the friendliest reading. Use it only to argue that a filing was in time. */
			outer?: string | null;
			/** @description For an agency's duty: the strict date. */
			due?: string | null;
			/** @description The day from which something becomes possible. */
			opens?: string | null;
			/** @description The date by which this stands in the queue: the first of safe_by, due and opens that matters now. */
			next_date?: string | null;
			/**
			 * Format: int64
			 * @description Days from the as-of day to `next_date`; negative when it has passed.
			 */
			days_left?: number | null;
			/** @description The day on which the status will change if nothing else does. */
			flip_date?: string | null;
			/** @description `SURE`, `CHECK`, `WATCH`: how sure the library is of this version of the rule. */
			confidence: string;
			/** @description A recent or pending change to re-read before relying on this. */
			watch?: null | components['schemas']['Text'];
			/** @description Earlier dates that a contested version of the rule would give. */
			cautions: components['schemas']['Caution'][];
			/** @description Facts that are missing, and the record that would settle each. */
			missing: components['schemas']['Missing'][];
			/** @description Whether it hangs on a fact on which records disagree. */
			in_conflict: boolean;
			/** @description Whether the case is near a boundary, where readings of the law differ. */
			boundary: boolean;
			/** @description Whether counsel has approved the criterion. */
			approved: boolean;
			/**
			 * Format: double
			 * @description How sure linkage is that the weakest record behind this person belongs to them: 0 to 1.
			 */
			weakest_link?: number | null;
		};
		/** @description A person, as lists name them. */
		PersonRef: {
			/** @description Person id. */
			id: string;
			/** @description Name as the office writes it. */
			name: string;
		};
		/** @description A date that a contested version of a rule would give. */
		Caution: {
			/** @description Version of the rule. */
			version: string;
			/** @description Its state, such as `vacated`. */
			state: string;
			/** @description The date. */
			date: string;
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
		/** @description The queue: what is owed and due over all persons of the office, liberty first, then soonest. */
		Queue: {
			/** @description The day for which it was computed. */
			as_of: string;
			/** @description Obligations. Relief screening is not listed here: it stays in the person's own file. */
			items: components['schemas']['Obligation'][];
		};
		/** @description A request to open a person's file. */
		OpeningRequest: {
			/** @description Why: one of the workspace's purposes. */
			purpose: string;
			/** @description Who reads. */
			reader: string;
		};
		/** @description A file, opened. */
		Opening: {
			/** @description To be shown with every further request about this person. */
			id: string;
			/** @description Whose file. */
			person: string;
			/** @description Why. */
			purpose: string;
			/** @description Who reads. */
			reader: string;
			/** @description Since when. */
			at: string;
			/** @description Until when it serves. */
			until: string;
		};
		/** @description Who opened a file, when and why. */
		OpeningNote: {
			/** @description Why. */
			purpose: string;
			/** @description Who. */
			reader: string;
			/** @description When. */
			at: string;
		};
		/** @description One person's file. */
		PersonFile: {
			/** @description Who. */
			person: components['schemas']['PersonRef'];
			/** @description The day for which it was computed. */
			as_of: string;
			/** @description Other names on record. */
			other_names: string[];
			/** @description Whether in custody, as far as the record says. */
			in_custody?: boolean | null;
			/** @description The records that form this person. */
			records: components['schemas']['Record'][];
			/** @description Why the records were joined. */
			links: components['schemas']['Link'][];
			/** @description Facts about the person as a whole. */
			facts: components['schemas']['Fact'][];
			/** @description Lanes of the timeline, in order. */
			lanes: components['schemas']['Lane'][];
			/** @description What happened, earliest first. */
			moments: components['schemas']['Moment'][];
			/** @description Stays in custody, earliest first. */
			stays: components['schemas']['Stay'][];
			/** @description What is owed and due, what cannot be told, what was met or missed; everything but not applicable. */
			obligations: components['schemas']['Obligation'][];
			/** @description Where records disagree. */
			conflicts: components['schemas']['Conflict'][];
			/** @description Who opened this file before, newest first. */
			openings: components['schemas']['OpeningNote'][];
		};
		/** @description One source's view of the person. */
		Record: {
			/** @description Record id. */
			id: string;
			/** @description The row. */
			pointer: components['schemas']['Pointer'];
			/** @description What the row says. */
			fields: components['schemas']['Field'][];
		};
		/** @description A name and value as a row gives them. */
		Field: {
			/** @description Attribute name. */
			name: string;
			/** @description What it is. */
			label: components['schemas']['Text'];
			/** @description Its value. */
			value: string;
		};
		/** @description Why two records were joined. */
		Link: {
			/** @description One record. */
			left: string;
			/** @description The other. */
			right: string;
			/**
			 * Format: double
			 * @description Total weight in bits (log2 of the odds).
			 */
			weight: number;
			/**
			 * Format: double
			 * @description Probability that both are one person.
			 */
			probability: number;
			/** @description Weight by field. */
			fields: components['schemas']['LinkField'][];
		};
		/** @description What one field contributed to a link. */
		LinkField: {
			/** @description Field name. */
			field: string;
			/** @description How the values agree. */
			level: string;
			/** @description Value on the left. */
			left?: string | null;
			/** @description Value on the right. */
			right?: string | null;
			/**
			 * Format: double
			 * @description Weight in bits.
			 */
			weight: number;
		};
		/** @description What the record says of one fact. */
		Fact: {
			/** @description Fact name. */
			name: string;
			/** @description What it is. */
			label: components['schemas']['Text'];
			/** @description `known`, `absent` or `conflict`. */
			state: string;
			/** @description The values; two or more if records disagree. For an absence, the day through which it is known. */
			values: components['schemas']['FactValue'][];
		};
		/** @description A value and the rows behind it. */
		FactValue: {
			/** @description The value. */
			value: string;
			/** @description The rows. */
			from: components['schemas']['Pointer'][];
		};
		/** @description A lane of the timeline: one source. */
		Lane: {
			/** @description Source id. */
			source: string;
			/** @description Its custodian. */
			label: string;
		};
		/** @description One thing that happened. */
		Moment: {
			/** @description Stable id within the build. */
			id: string;
			/** @description Event type, such as `decided`. */
			kind: string;
			/** @description What it is. */
			label: components['schemas']['Text'];
			/** @description Earliest reported day. */
			day: string;
			/** @description Whether reports disagree. */
			in_conflict: boolean;
			/** @description Every report. */
			reports: components['schemas']['Report'][];
		};
		/** @description One source's report of a moment. */
		Report: {
			/** @description Source id: the lane. */
			source: string;
			/** @description When, as this source says: a day, or a day and time. */
			at: string;
			/** @description The row. */
			pointer: components['schemas']['Pointer'];
			/** @description What the row says. */
			fields: components['schemas']['Field'][];
		};
		/** @description A stay in custody. */
		Stay: {
			/** @description First day. */
			from: string;
			/** @description Last day, if a record says so. */
			to?: string | null;
			/**
			 * Format: int64
			 * @description Whole days so far.
			 */
			days: number;
			/** @description Stints, one for each facility. */
			stints: components['schemas']['Stint'][];
		};
		/** @description A stretch in one facility. */
		Stint: {
			/** @description Facility. */
			facility?: string | null;
			/** @description First day. */
			from: string;
			/** @description Last day, if a record says so. */
			to?: string | null;
			/** @description Source id: the lane. */
			source: string;
			/** @description The rows. */
			pointers: components['schemas']['Pointer'][];
		};
		/** @description Where records disagree. */
		Conflict: {
			/** @description What they disagree on. */
			label: components['schemas']['Text'];
			/** @description The values side by side. */
			values: components['schemas']['FactValue'][];
		};
		/** @description Why an obligation stands as it does. */
		Why: {
			/** @description The obligation. */
			obligation: components['schemas']['Obligation'];
			/** @description What the criterion says, in plain words. */
			explanation: components['schemas']['Text'];
			/** @description The law behind it. */
			authority: string[];
			/** @description The version of the rule that was used; none if none covers the date, or conflicting values pick several. */
			version?: null | components['schemas']['Version'];
			/** @description Each condition with its value. */
			clauses: components['schemas']['Clause'][];
			/** @description Each date with its arithmetic. */
			dates: components['schemas']['NamedDate'][];
			/** @description Every fact that the criterion can read and the record has. */
			facts: components['schemas']['Fact'][];
			/** @description Exceptions to ask about: they do not stop the clock until a record shows them. */
			ask: components['schemas']['Text'][];
			/** @description The smallest changes that would change the status. */
			flips: components['schemas']['Flip'][];
			/** @description What must be said with every result. */
			notice: components['schemas']['Text'];
		};
		/** @description The version of a rule that was used. */
		Version: {
			/** @description Version id. */
			id: string;
			/** @description First day of its range. */
			from?: string | null;
			/** @description First day after its range. */
			to?: string | null;
			/** @description `in_force`, `vacated`, … */
			state: string;
			/** @description Where or for whom it holds, such as `nation`. */
			scope: string;
			/** @description `SURE`, `CHECK` or `WATCH`. */
			confidence: string;
			/** @description Why this version: the selector and its value. */
			selected_by: components['schemas']['Text'];
			/** @description The law behind this version. */
			authority: string[];
			/** @description What is worth knowing about it. */
			note?: null | components['schemas']['Text'];
			/** @description What to re-read before relying on it. */
			watch?: null | components['schemas']['Text'];
		};
		/** @description One condition of a criterion. */
		Clause: {
			/** @description Clause id. */
			id: string;
			/** @description What it is for: `applies`, `unless`, `no_limit`, `excuses`, `choices`, `signals`, `boundary`. */
			role: string;
			/** @description In plain words. */
			text: components['schemas']['Text'];
			/** @description As the library has it. */
			sql: string;
			/** @description `true`, `false` or `unknown`. */
			value: string;
			/** @description The facts that it reads. */
			facts: components['schemas']['Fact'][];
			/** @description The facts that it misses. */
			missing: components['schemas']['Missing'][];
		};
		/** @description A computed date. */
		NamedDate: {
			/** @description Date id. */
			id: string;
			/** @description What it is. */
			label: components['schemas']['Text'];
			/** @description The date, or none if what it counts from is unknown. */
			date?: string | null;
			/** @description How it was counted. */
			arithmetic: components['schemas']['Text'];
		};
		/** @description A change that would change the status. */
		Flip: {
			/** @description The fact. */
			fact: string;
			/** @description What it is. */
			label: components['schemas']['Text'];
			/** @description Its value now. */
			from?: string | null;
			/** @description The value that would change the status. */
			to: components['schemas']['Text'];
			/** @description The status then. */
			status: string;
			/** @description The finer result then. */
			result: string;
		};
		/** @description One row of a delivery with every original cell. */
		SourceRow: {
			/** @description The row. */
			pointer: components['schemas']['Pointer'];
			/** @description The mapping that read it. */
			mapping: string;
			/**
			 * Format: int32
			 * @description Version of that mapping.
			 */
			mapping_version: number;
			/** @description Cells in the order of the file. */
			cells: components['schemas']['Cell'][];
		};
		/** @description One cell. */
		Cell: {
			/** @description Column header as it stands in the file. */
			column: string;
			/** @description Original text. */
			text?: string | null;
			/** @description Typed value as it was understood. */
			value?: string | null;
			/** @description What was wrong with it, such as `redacted`. */
			problem?: string | null;
		};
		/** @description One delivery with its receipt. */
		Delivery: {
			/** @description Delivery id. */
			id: string;
			/** @description Source id. */
			source: string;
			/** @description Who keeps the records. */
			custodian: string;
			/** @description How they were obtained. */
			obtained: string;
			/** @description Mapping id. */
			mapping: string;
			/**
			 * Format: int32
			 * @description Mapping version.
			 */
			mapping_version: number;
			/** @description `clients` or `public`. */
			holds: string;
			/** @description The last day that the source says the delivery covers. */
			through?: string | null;
			/** @description When it was taken in. */
			added_at?: string | null;
			/** @description By whom. */
			added_by?: string | null;
			/** @description Whether every row is accounted for. */
			reconciled: boolean;
			/**
			 * Format: int64
			 * @description Rows read over all files.
			 */
			rows_read: number;
			/**
			 * Format: int64
			 * @description Rows kept.
			 */
			rows_kept: number;
			/**
			 * Format: int64
			 * @description Rows repaired by a named rule (kept too).
			 */
			rows_repaired: number;
			/**
			 * Format: int64
			 * @description Rows refused, each with its reason.
			 */
			rows_refused: number;
			/** @description File by file. */
			files: components['schemas']['DeliveryFile'][];
			/** @description What became of the rows: events by type. */
			events: components['schemas']['NamedCount'][];
			/** @description Objects by type. */
			objects: components['schemas']['NamedCount'][];
		};
		/** @description One file of a delivery. */
		DeliveryFile: {
			/** @description Path as given. */
			path: string;
			/** @description Table of the mapping. */
			table: string;
			/** @description Worksheet, for workbooks. */
			sheet?: string | null;
			/** @description SHA-256 of the file as delivered, hex. */
			sha256: string;
			/**
			 * Format: int64
			 * @description Rows above the header.
			 */
			banner_rows: number;
			/**
			 * Format: int64
			 * @description Rows read.
			 */
			rows_read: number;
			/**
			 * Format: int64
			 * @description Rows kept.
			 */
			rows_kept: number;
			/**
			 * Format: int64
			 * @description Rows repaired.
			 */
			rows_repaired: number;
			/**
			 * Format: int64
			 * @description Rows refused.
			 */
			rows_refused: number;
			/**
			 * Format: int64
			 * @description Rows that the delivery itself says the file has.
			 */
			declared_rows?: number | null;
			/** @description Problems by kind and column. */
			problems: components['schemas']['ProblemCount'][];
			/** @description Samples of repaired rows. */
			repairs: components['schemas']['Repair'][];
			/** @description Samples of refused rows. */
			refusals: components['schemas']['Refusal'][];
		};
		/** @description How often a problem occurred in a column. */
		ProblemCount: {
			/** @description Kind, such as `redacted` or `not_a_date`. */
			kind: string;
			/** @description Column. */
			column: string;
			/**
			 * Format: int64
			 * @description Cells.
			 */
			count: number;
		};
		/** @description A repaired row, before and after. */
		Repair: {
			/**
			 * Format: int64
			 * @description Row of the file.
			 */
			row: number;
			/** @description The named rule. */
			rule: string;
			/** @description Cells as delivered. */
			before: string[];
			/** @description Cells as kept. */
			after: string[];
		};
		/** @description A refused row. */
		Refusal: {
			/**
			 * Format: int64
			 * @description Row of the file.
			 */
			row: number;
			/** @description Why. */
			reason: string;
			/**
			 * Format: int64
			 * @description Its cells, as far as they could be told apart. The row itself is kept verbatim beside the evidence.
			 */
			cells: number;
		};
		/** @description A name and how many. */
		NamedCount: {
			/** @description Name. */
			name: string;
			/**
			 * Format: int64
			 * @description How many.
			 */
			count: number;
		};
		/** @description What a public delivery holds, in counts that single nobody out. */
		DeliverySummary: {
			/** @description Delivery id. */
			delivery: string;
			/** @description Events by type and month. */
			by_month: components['schemas']['MonthCount'][];
			/**
			 * Format: int64
			 * @description Cells smaller than this are not shown.
			 */
			smallest_cell: number;
		};
		/** @description Events of a type in a month. */
		MonthCount: {
			/** @description Event type. */
			event: string;
			/** @description Month, `YYYY-MM`. */
			month: string;
			/**
			 * Format: int64
			 * @description How many; none if the cell is too small to show.
			 */
			count?: number | null;
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
