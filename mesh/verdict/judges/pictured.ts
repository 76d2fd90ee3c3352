import { z } from 'zod';
import { judge } from '../judge.ts';
import { words } from '../parts.ts';

export const toShowCalls = judge({
  input: z.object({ calls: words, never: words, drawn: words }),
  decide: ({ calls, never, drawn }) => {
    const flaws = [
      ...calls.filter((call) => !drawn.includes(call)).map((call) => `does not show ${call}`),
      ...never.filter((call) => drawn.includes(call)).map((call) => `shows ${call}, which nobody does`),
    ];
    const seen = drawn.length === 0 ? 'no calls' : drawn.join(', ');
    return inPicture('the graph', flaws, `${calls.join(', ')}; and not ${never.join(', ')}`, seen);
  },
});

/** Whether a panel that says this shows more than nothing; one that is not there says nothing at all. */
export function hasData(panel: string, text: string | undefined): boolean {
  // Its title may have figures, too.
  const said = text?.replace(panel, '') ?? '';
  return !/No data/.test(said) && [...said.matchAll(/\d+(?:\.\d+)?/g)].some(([figure]) => Number(figure) > 0);
}

export const toShowData = judge({
  input: z.object({
    title: z.string(),
    panels: z.array(z.object({ name: z.string(), text: z.string().exactOptional() })).readonly(),
  }),
  decide: ({ title, panels }) => {
    const flaws = panels
      .filter(({ name, text }) => !hasData(name, text))
      .map(({ name, text }) => (text === undefined ? `has no panel ${name}` : `has no data in ${name}`));
    const names = panels.map(({ name }) => name).join(', ');
    const seen = panels.map(({ name, text = 'missing' }) => `${name}: ${text.replaceAll(/\s+/g, ' ')}`).join('; ');
    return inPicture(title, panels.length === 0 ? ['was asked for no panel'] : flaws, `data in ${names}`, seen);
  },
});

function inPicture(what: string, flaws: readonly string[], expected: string, seen: string) {
  const [first = '', ...others] = flaws;
  const lines = [
    `${what} ${first}`,
    ...others.map((flaw) => `  ${flaw}`),
    `  expected: ${expected}`,
    `  seen: ${seen}`,
  ];
  const pass = flaws.length === 0;
  return { pass, expected, message: pass ? expected : lines.join('\n') };
}
