// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The page reads without this: it adds the search of a table, sorting by
// column, and unfolding. It never makes markup of text.
"use strict";

(function () {
	// ---- search ----

	// Rows stay that hold every word, wherever.
	function search(input) {
		const table = document.getElementById(input.dataset.search);
		const words = input.value.toLowerCase().split(/\s+/);
		const rows = table.tBodies[0].rows;
		let shown = 0;

		for (const row of rows) {
			const text = row.textContent.toLowerCase();

			row.hidden = !words.every((word) => text.includes(word));
			shown += !row.hidden;
		}
		input.parentNode.querySelector("output").textContent =
			shown + " of " + rows.length;
	}

	// ---- sorting ----

	// Numbers, also 1,234 and 0x1f, before words.
	function key(row, column) {
		const cell = row.cells[column];
		const text = (cell.firstChild || cell).textContent.trim();
		const number = Number(text.replace(/,/g, ""));

		return text === "" || Number.isNaN(number) ? text : number;
	}

	function compare(a, b) {
		if (typeof a !== typeof b)
			return typeof a === "number" ? -1 : 1;
		if (typeof a === "number")
			return a - b;
		return a.localeCompare(b, "en", { numeric: true });
	}

	function sort(heading) {
		const body = heading.closest("table").tBodies[0];
		const column = heading.cellIndex;
		const down = heading.getAttribute("aria-sort") === "ascending";
		const rows = Array.from(body.rows, (row) => [key(row, column), row]);

		rows.sort((a, b) => compare(a[0], b[0]) * (down ? -1 : 1));
		for (const other of heading.parentNode.cells)
			other.removeAttribute("aria-sort");
		heading.setAttribute("aria-sort",
			down ? "descending" : "ascending");
		body.append(...rows.map((pair) => pair[1]));
	}

	function makeSortable(heading) {
		const button = document.createElement("button");

		button.type = "button";
		button.append(...heading.childNodes);
		button.addEventListener("click", () => sort(heading));
		heading.append(button);
	}

	// ---- unfolding ----

	function unfold(button) {
		const tree = button.closest("section").querySelector(".tree");
		const open = button.dataset.unfold === "1";

		for (const details of tree.querySelectorAll("details"))
			details.open = open;
	}

	// "#search=WORDS" fills the search boxes; any other fragment is a place,
	// which is unfolded.
	function followFragment() {
		const fragment = location.hash.slice(1);

		if (fragment.startsWith("search=")) {
			const words = decodeURIComponent(fragment.slice(7));

			const inputs =
				document.querySelectorAll("[data-search]");

			for (const input of inputs) {
				input.value = words;
				search(input);
			}
			if (inputs.length)
				inputs[0].closest("section, nav")
					.scrollIntoView();
			return;
		}
		const target = fragment && document.getElementById(fragment);

		if (target && target.tagName === "DETAILS") {
			target.open = true;
			target.scrollIntoView();
		}
	}

	for (const tools of document.querySelectorAll(".tools"))
		tools.hidden = false;
	for (const input of document.querySelectorAll("[data-search]"))
		input.addEventListener("input", () => search(input));
	for (const heading of document.querySelectorAll("thead th"))
		makeSortable(heading);
	for (const button of document.querySelectorAll("[data-unfold]"))
		button.addEventListener("click", () => unfold(button));
	// also for a second click on the same link
	document.addEventListener("click", (event) => {
		const link = event.target.closest("a[href^='#']");

		if (link && link.hash === location.hash)
			followFragment();
	});
	addEventListener("hashchange", followFragment);
	followFragment();
})();
