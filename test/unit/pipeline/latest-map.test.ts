import { expect } from "chai";
import { Subject } from "rxjs";
import { latestMap } from "../../../src/pipeline/latest-map.ts";

/** Work that is done when the test says so. */
function bench() {
  const begun: number[] = [];
  const results: string[] = [];
  const ends: (() => void)[] = [];
  const fails: ((error: Error) => void)[] = [];
  const state = { completed: false, error: undefined as unknown };
  const source$ = new Subject<number>();
  const subscription = source$
    .pipe(
      latestMap((value) => {
        begun.push(value);
        return new Promise<string>((resolve, reject) => {
          ends.push(() => resolve(`done ${value}`));
          fails.push(reject);
        });
      }),
    )
    .subscribe({
      next: (result) => results.push(result),
      error: (error: unknown) => (state.error = error),
      complete: () => (state.completed = true),
    });
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const finish = async (index: number): Promise<void> => {
    ends[index]!();
    await settle();
  };
  return { begun, results, fails, state, source$, subscription, settle, finish };
}

describe("latestMap", () => {
  it("works on one value at a time and then on the latest that came meanwhile", async () => {
    const { begun, results, source$, finish } = bench();
    source$.next(1);
    expect(begun).deep.equal([1]);
    for (const value of [2, 3, 4]) source$.next(value);
    expect(begun).deep.equal([1]);
    await finish(0);
    expect(begun).deep.equal([1, 4]);
    await finish(1);
    expect(begun).deep.equal([1, 4]);
    source$.next(5);
    await finish(2);
    expect(results).deep.equal(["done 1", "done 4", "done 5"]);
  });

  it("completes after the last work", async () => {
    const { state, source$, finish } = bench();
    source$.next(1);
    source$.next(2);
    source$.complete();
    await finish(0);
    expect(state.completed).equal(false);
    await finish(1);
    expect(state.completed).equal(true);
    const idle = bench();
    idle.source$.complete();
    expect(idle.state.completed).equal(true);
  });

  it("passes errors on, its own and those of the source", async () => {
    const working = bench();
    working.source$.next(1);
    working.fails[0]!(new Error("spoiled"));
    await working.settle();
    expect(working.state.error).property("message", "spoiled");
    const { state, source$ } = bench();
    source$.error(new Error("gone"));
    expect(state.error).property("message", "gone");
  });

  it("begins nothing more once nobody listens", async () => {
    const { begun, source$, subscription, finish } = bench();
    source$.next(1);
    source$.next(2);
    subscription.unsubscribe();
    await finish(0);
    expect(begun).deep.equal([1]);
  });
});
