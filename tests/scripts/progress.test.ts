import { readFile } from 'node:fs/promises';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { Progress } from '../../scripts/progress.ts';
import { scratch } from '../fakes/scratch.ts';

const printed: string[] = [];

beforeEach(() => {
  printed.length = 0;
  vi.useFakeTimers({ toFake: ['performance', 'Date'], now: new Date('2026-01-02T03:04:05Z') });
  vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
  return () => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  };
});

const seconds = (count: number) => vi.advanceTimersByTime(count * 1_000);

describe('progress without a terminal', () => {
  test('is a line at the beginning, at the end and for each note, with the time since the beginning', async () => {
    const result = await new Progress().phase('images', (say) => {
      seconds(1.5);
      say.note('official images');
      seconds(2);
      return Promise.resolve('made');
    });
    expect(result).toBe('made');
    expect(printed).toEqual(['[images 0.0 s] ...', '[images 1.5 s] official images', '[images 3.5 s] done']);
  });

  test('repeats what is being waited for only where nothing was heard for fifteen seconds', async () => {
    await new Progress().phase('images', (say) => {
      for (let count = 1; count <= 40; count += 1) {
        seconds(1);
        say(`layer ${count}`);
      }
      return Promise.resolve();
    });
    expect(printed).toEqual([
      '[images 0.0 s] ...',
      '[images 16.0 s] layer 16',
      '[images 32.0 s] layer 32',
      '[images 40.0 s] done',
    ]);
  });

  test('a phase that fails says so, is timed too, and its error goes on', async () => {
    const progress = new Progress();
    const failing = progress.phase('cluster', () => {
      seconds(61);
      return Promise.reject(new Error('no room'));
    });
    await expect(failing).rejects.toThrow('no room');
    expect(printed.at(-1)).toBe('[cluster 61.0 s] FAILED');
    expect(progress.times).toEqual([{ name: 'cluster', seconds: 61 }]);
  });

  test('a phase beside the others has lines for its notes alone, and is no part of the sum', async () => {
    const progress = new Progress();
    await progress.beside('add-ons', (say) => {
      say('building');
      seconds(20);
      say('loading');
      say.note('Zipkin is ready');
      return Promise.resolve();
    });
    await progress.phase('apps', () => Promise.resolve(seconds(2)));
    expect(printed).toContain('[add-ons 20.0 s] Zipkin is ready');
    expect(printed.join(' ')).not.toMatch(/building|loading/);
    expect(progress.table()).toMatch(/add-ons +20.0 s {2}beside the others/);
    expect(progress.table()).toMatch(/total +2\.0 s$/);
  });

  test('notes also go into the log, with date and phase; what is only being waited for does not', async () => {
    await using folder = await scratch();
    const progress = new Progress();
    progress.logTo(folder.at('cluster', 'run.log'));
    await progress.phase('Istio', (say) => {
      say('waiting');
      say.note('Istio is there');
      return Promise.resolve();
    });
    expect(await readFile(folder.at('cluster', 'run.log'), 'utf8')).toBe(
      '2026-01-02T03:04:05.000Z Istio: Istio is there\n',
    );
  });

  test('the table has a row for each phase and their sum', async () => {
    const progress = new Progress();
    await progress.phase('engine', () => Promise.resolve(seconds(0.25)));
    await progress.aside('suites', () => Promise.resolve(seconds(100)));
    expect(progress.table().split('\n')).toEqual(['  engine      0.3 s', '  suites    100.0 s', '  total     100.3 s']);
  });
});
