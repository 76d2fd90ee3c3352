import { describe, expect, test } from 'vitest';
import { mayHaveSysResource } from '../../mesh/engine/capabilities.ts';

const status = (mask: string) =>
  `Name:\tnode\nCapPrm:\t0000000000000000\nCapBnd:\t${mask}\nCapAmb:\t0000000000000000\n`;

describe('CAP_SYS_RESOURCE', () => {
  test.each([
    ['000001ffffffffff', true],
    ['0000000001000000', true],
    ['000001fffeffffff', false],
    ['00000000a80425fb', false],
    ['0000000000000000', false],
  ])('in the bounding set %s: %s', (mask, expected) => {
    expect(mayHaveSysResource(status(mask))).toBe(expected);
  });

  test('is not doubted where the kernel names no bounding set', () => {
    expect(mayHaveSysResource('Name:\tnode\n')).toBe(true);
  });
});
