// The part of Node's `events` that opossum uses. CommonJS, because opossum extends what `require` returns.
class EventEmitter {
  #listeners = new Map();

  on(type, listener) {
    if (!this.#listeners.has(type)) this.#listeners.set(type, []);
    this.#listeners.get(type).push(listener);
    return this;
  }

  addListener(type, listener) {
    return this.on(type, listener);
  }

  once(type, listener) {
    const first = (...args) => {
      this.removeListener(type, first);
      listener.apply(this, args);
    };
    return this.on(type, first);
  }

  removeListener(type, listener) {
    const left = (this.#listeners.get(type) ?? []).filter((each) => each !== listener);
    this.#listeners.set(type, left);
    return this;
  }

  off(type, listener) {
    return this.removeListener(type, listener);
  }

  removeAllListeners(type) {
    if (type === undefined) this.#listeners.clear();
    else this.#listeners.delete(type);
    return this;
  }

  listenerCount(type) {
    return (this.#listeners.get(type) ?? []).length;
  }

  emit(type, ...args) {
    const listeners = [...(this.#listeners.get(type) ?? [])];
    for (const listener of listeners) listener.apply(this, args);
    return listeners.length > 0;
  }
}

module.exports = EventEmitter;
module.exports.EventEmitter = EventEmitter;
