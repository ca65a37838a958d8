// Which trials the reader wants to see: words, and a choice for each axis.

/** A trial's parts by name. */
const at = { configuration: 0, seed: 1, state: 2, first: 3 };
const valueColumn = (id) => at.first + data.columns.findIndex((column) => column.id === id);
const keyColumn = valueColumn("trial");
const messageColumn = valueColumn("message");
const configurationOf = (trial) => data.configurations[trial[at.configuration]];

/** What can be found of each configuration: its names and settings, and the numbers in them as numbers. */
const searchTexts = data.configurations.map((configuration) => {
  const values = configuration.values.filter((value) => value !== null);
  const text = [configuration.name, configuration.label, ...values].join(" ").toLowerCase();
  return { text, numbers: new Set((text.match(/\d+(?:\.\d+)?(?:e[-+]?\d+)?/g) ?? []).map(Number)) };
});

/**
 * Reads what stands in the field. Digits of losses and times are not searched, only what people chose: a number is
 * looked for among settings as a whole number (`0.3` is not in 0.35), `seed 3` is a seed, and other words are parts of
 * names, states, messages, or the beginning of a trial's key.
 */
function searchOf(text) {
  const found = { seeds: [], words: [] };
  const rest = text.toLowerCase().replace(/\bseed[ :=]*(\d+)/g, (_, seed) => { found.seeds.push(seed); return " "; });
  for (const word of rest.split(/\s+/).filter(Boolean)) {
    found.words.push({ word, number: /^\d+(\.\d+)?(e[-+]?\d+)?$/.test(word) ? Number(word) : null });
  }
  return found;
}

function matches(trial, search) {
  if (search.seeds.length && !search.seeds.includes(String(trial[at.seed]))) return false;
  const { text, numbers } = searchTexts[trial[at.configuration]];
  return search.words.every(({ word, number }) => {
    if (word.length >= 6 && trial[keyColumn].startsWith(word)) return true;
    if (number !== null) return numbers.has(number);
    return [text, trial[at.state], trial[messageColumn]?.toLowerCase() ?? ""].some((part) => part.includes(word));
  });
}

const collator = new Intl.Collator("en", { numeric: true });

/** The choices beside the field: state, seed and each axis, where there is more than one value to choose from. */
const filters = (() => {
  const mostValues = 200;
  const fields = [
    { title: "State", read: (trial) => trial[at.state] },
    ...data.axes.map((title, index) => ({ title, read: (trial) => configurationOf(trial).values[index] })),
    { title: "Seed", read: (trial) => String(trial[at.seed]) },
  ];
  return fields.map((field) => {
    const values = [...new Set(data.trials.map(field.read))].filter((value) => value !== null).sort(collator.compare);
    return { ...field, values };
  }).filter((field) => field.values.length > 1 && field.values.length <= mostValues);
})();
