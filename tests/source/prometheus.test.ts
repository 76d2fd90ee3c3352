import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '../../mesh/paths.ts';
import { versions } from '../../mesh/versions.ts';

test('both sources have one release of Prometheus', async () => {
  const module = await readFile(join(projectRoot, 'mesh/source/packages/go/prometheus/go.mod'), 'utf8');
  // As a Go module, 3.11.3 is called v0.311.3.
  const [, major, minor, patch] = /github\.com\/prometheus\/prometheus v0\.(\d)(\d\d)\.(\d+)/.exec(module) ?? [];
  expect(versions.addOns.prometheus.image).toBe(`prom/prometheus:v${major}.${Number(minor)}.${patch}`);
});
