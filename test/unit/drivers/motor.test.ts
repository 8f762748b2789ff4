import { expect } from "chai";
import fc from "fast-check";
import { Motor, type MotorOptions } from "../../../src/drivers/simulator/motor.ts";

const plain: MotorOptions = { speed: 1000, settlingTime: 20, backlash: 0, overshoot: 0 };

describe("simulated motor", () => {
  it("travels at its speed and settles after it has arrived", () => {
    const motor = new Motor(100, plain);
    motor.start(10, 300);
    expect(motor.motorAt(10)).to.equal(100);
    expect(motor.motorAt(110)).to.equal(200);
    expect(motor.velocityAt(110)).to.equal(1000);
    expect(motor.motorAt(210)).to.equal(300);
    expect(motor.velocityAt(210)).to.equal(0);
    expect(motor.settledAt).to.equal(230);
    expect(motor.lensAt(1e6)).to.equal(300);
  });

  it("is settled from the beginning, and remembers where it stood", () => {
    const motor = new Motor(100, plain);
    expect(motor.settledAt).to.be.at.most(0);
    motor.start(60, 200);
    motor.start(1000, 50);
    expect(motor.lensAt(0)).to.equal(100);
    expect(motor.lensAt(110)).to.equal(150);
    expect(motor.lensAt(1050)).to.equal(150);
  });

  it("turns on the way from where it is", () => {
    const motor = new Motor(0, plain);
    motor.start(0, 1000);
    motor.start(400, 0);
    expect(motor.motorAt(400)).to.equal(400);
    expect(motor.motorAt(500)).to.equal(300);
    expect(motor.velocityAt(500)).to.equal(-1000);
  });

  it("loses the backlash when the direction turns, and not before", () => {
    const motor = new Motor(100, { ...plain, backlash: 10 });
    motor.start(0, 200);
    expect(motor.lensAt(200)).to.equal(195);
    motor.start(200, 300);
    expect(motor.lensAt(400)).to.equal(295);
    motor.start(400, 292);
    expect(motor.lensAt(500), "within the play").to.equal(295);
    motor.start(500, 200);
    expect(motor.lensAt(700)).to.equal(205);
  });

  it("keeps the lens within half the backlash of the motor, whatever the moves", () => {
    const moves = fc.array(fc.tuple(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 0, max: 1000 })), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(moves, fc.integer({ min: 0, max: 40 }), (list, backlash) => {
        const motor = new Motor(500, { ...plain, backlash });
        let now = 0;
        for (const [pause, target] of list) {
          now += pause;
          const before = motor.lensAt(now);
          motor.start(now, target);
          expect(motor.lensAt(now)).to.be.closeTo(before, 1e-9);
          for (const time of [now, now + pause / 2, now + pause])
            expect(Math.abs(motor.lensAt(time) - motor.motorAt(time))).to.be.at.most(backlash / 2 + 1e-9);
        }
      }),
    );
  });

  it("swings about the target after a move, less and less, and stands still when settled", () => {
    const motor = new Motor(0, { ...plain, overshoot: 0.02, settlingTime: 100 });
    motor.start(0, 200);
    const swing = Array.from({ length: 100 }, (_, time) => motor.lensAt(200 + time) - 200);
    expect(Math.max(...swing)).to.be.within(2, 4);
    expect(Math.min(...swing)).to.be.below(-0.5);
    for (const late of swing.slice(70)) expect(Math.abs(late)).to.be.below(0.2);
    expect(motor.lensAt(300)).to.equal(200);
  });

  it("does not get above where it is jammed, and comes back from there", () => {
    const motor = new Motor(0, { ...plain, jamAt: 50 });
    motor.start(0, 200);
    expect(motor.destination).to.equal(50);
    expect(motor.motorAt(1000)).to.equal(50);
    motor.start(1000, 20);
    expect(motor.motorAt(2000)).to.equal(20);
  });
});
