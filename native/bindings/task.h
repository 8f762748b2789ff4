// Runs a kernel on the thread pool and settles a promise with what it made.
#pragma once

#include <napi.h>

#include <exception>
#include <functional>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

namespace autofocus::bindings {

class Task : public Napi::AsyncWorker {
 public:
  // Calls `work` off the event loop, then resolves with `result(env)`. The values in `keep` stay alive until then, so
  // that `work` may use the memory of their typed arrays; JavaScript must not transfer or shrink them meanwhile.
  static Napi::Promise run(Napi::Env env, std::initializer_list<Napi::Value> keep, std::function<void()> work,
                           std::function<Napi::Value(Napi::Env)> result) {
    auto* task = new Task(env, keep, std::move(work), std::move(result));
    const Napi::Promise promise = task->deferred_.Promise();
    task->Queue();
    return promise;
  }

  // The same for work that fills `object`, which the promise resolves with.
  static Napi::Promise fill(Napi::Env env, Napi::Object object, std::initializer_list<Napi::Value> keep,
                            std::function<void()> work) {
    auto* task = new Task(env, keep, std::move(work), nullptr);
    task->filled_ = Napi::Persistent(object);
    const Napi::Promise promise = task->deferred_.Promise();
    task->Queue();
    return promise;
  }

 protected:
  void Execute() override { work_(); }

  void OnOK() override { deferred_.Resolve(result_ ? result_(Env()) : filled_.Value()); }

  void OnError(const Napi::Error& error) override { deferred_.Reject(error.Value()); }

 private:
  Task(Napi::Env env, std::initializer_list<Napi::Value> keep, std::function<void()> work,
       std::function<Napi::Value(Napi::Env)> result)
      : Napi::AsyncWorker(env, "autofocus"),
        deferred_(Napi::Promise::Deferred::New(env)),
        work_(std::move(work)),
        result_(std::move(result)) {
    Napi::Array kept = Napi::Array::New(env, keep.size());
    uint32_t at = 0;
    for (const Napi::Value& value : keep) kept.Set(at++, value);
    kept_ = Napi::Persistent(kept.As<Napi::Object>());
  }

  Napi::Promise::Deferred deferred_;
  std::function<void()> work_;
  std::function<Napi::Value(Napi::Env)> result_;
  Napi::ObjectReference kept_;
  Napi::ObjectReference filled_;
};

}  // namespace autofocus::bindings
