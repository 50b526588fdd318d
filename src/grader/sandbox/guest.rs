use super::engine::{Addresses, Engine, EngineError};
use super::fuel::FUEL;
use super::host::{Host, c_string, linker, store};
use super::image::Image;
use super::mailbox::{COMMANDS, LOGGING, Mailbox, NOW, ORIGIN, RANDOM};
use super::submission::{Birth, Patch};
use crate::grader::sim::{Command, Event, Halt, Micros, Process};
use wasmtime::{
    Engine as Wasmtime, Global, Instance, Memory, Module, ModuleExport, Result, Store, TypedFunc, Val, WasmParams,
    WasmResults,
};

/// Turns of loops for one event: some 50 ms of work. An honest retry needs a thousandth of it, an honest report of a
/// thousand failures a quarter.
pub(super) const FUEL_PER_EVENT: u64 = 4_000_000;
/// And for each of the calls that begin in one turn.
const FUEL_PER_CALL: u64 = 200_000;
const MEMORY_LIMIT: u32 = 32 << 20;
const STACK_LIMIT: u32 = 256 << 10;
const WASM_PAGE: usize = 64 << 10;

/// One instance: a process of the program under test.
pub struct Guest {
    pub(super) store: Store<Host>,
    instance: Instance,
    functions: Functions,
    pub(super) addresses: Addresses,
}

/// What every run calls; the rest is found by its name when it is needed.
struct Functions {
    memory: Memory,
    call: TypedFunc<(u32, u32, u32, u32), u32>,
    free: TypedFunc<u32, ()>,
    run_job: TypedFunc<(), i32>,
    fuel: Global,
}

impl Process for Guest {
    fn deliver(
        &mut self,
        now: Micros,
        event: &Event<'_>,
        commands: &mut Vec<Command>,
    ) -> std::result::Result<(), Halt> {
        if self.store.data().dead {
            return Err(Halt::Crash);
        }
        let fuel = match event {
            Event::Call { count, .. } => FUEL_PER_EVENT + FUEL_PER_CALL * u64::from(*count),
            _ => FUEL_PER_EVENT,
        };
        let result = self.step(now as i64, event, fuel);
        commands.append(&mut self.store.data_mut().commands);
        result
    }
}

impl Guest {
    pub(super) fn new(engine: &Engine, image: &Image) -> Guest {
        let mut store = store(&engine.wasmtime, engine.addresses.mailbox);
        let instance = image
            .pre
            .instantiate(&mut store)
            .expect("the pool has room, for its users wait");
        let e = &image.exports;
        let functions = Functions {
            memory: instance
                .get_module_export(&mut store, &e.memory)
                .and_then(|x| x.into_memory())
                .expect("memory"),
            call: typed(&instance, &mut store, &e.call),
            free: typed(&instance, &mut store, &e.free),
            run_job: typed(&instance, &mut store, &e.run_job),
            fuel: instance
                .get_module_export(&mut store, &e.fuel)
                .and_then(|x| x.into_global())
                .expect("the meter's global"),
        };
        store.data_mut().memory = Some(functions.memory);
        Guest {
            store,
            instance,
            functions,
            addresses: engine.addresses,
        }
    }

    /// The instance from which the image is taken: the interpreter started, the prelude run.
    pub(super) fn first(
        wasmtime: &Wasmtime,
        module: &Module,
        prelude: &str,
    ) -> std::result::Result<(Guest, Instance, Addresses), EngineError> {
        let mut store = store(wasmtime, 0);
        let instance = linker(wasmtime)?.instantiate_pre(module)?.instantiate(&mut store)?;
        let functions = Functions {
            memory: instance.get_memory(&mut store, "memory").expect("memory"),
            call: instance.get_typed_func(&mut store, "qjs_call")?,
            free: instance.get_typed_func(&mut store, "qjs_free_value")?,
            run_job: instance.get_typed_func(&mut store, "qjs_execute_pending_job")?,
            fuel: instance.get_global(&mut store, FUEL).expect("the meter's global"),
        };
        store.data_mut().memory = Some(functions.memory);
        let mut guest = Guest {
            store,
            instance,
            functions,
            addresses: Addresses::default(),
        };
        guest.named::<(), ()>("_initialize", ())?;
        let addresses = guest.install(prelude)?;
        guest.addresses = addresses;
        Ok((guest, instance, addresses))
    }

    fn install(&mut self, prelude: &str) -> std::result::Result<Addresses, EngineError> {
        let failed = |what: &str| EngineError::Engine(what.to_string());
        if self.named::<(), i32>("qjs_init", ())? != 0 {
            return Err(failed("the interpreter does not start"));
        }
        for (name, value) in [
            ("qjs_set_promise_rejection_handler", 0),
            ("qjs_set_interrupt_handler", 0),
            ("qjs_set_module_loader", 1),
        ] {
            self.named::<i32, ()>(name, value)?;
        }
        self.named::<u32, ()>("qjs_set_max_stack_size", STACK_LIMIT)?;
        self.named::<u32, ()>("qjs_set_memory_limit", MEMORY_LIMIT)?;
        let install = self.eval(prelude.as_bytes(), b"prelude\0", 0)?;
        let global = self.named::<(), u32>("qjs_get_global", ())?;
        let functions = self.named::<(), u32>("qjs_new_object", ())?;
        for name in ["flush", "say", "log"] {
            let text = self.write(&[name.as_bytes(), b"\0"].concat())?;
            let function = self.named::<(u32, u32, i32), u32>("qjs_new_host_function", (text, name.len() as u32, 0))?;
            self.named::<(u32, u32, u32), i32>("qjs_set_prop_string", (functions, text, function))?;
        }
        let scratch = self.named::<u32, u32>("wasm_malloc", 32)?;
        let undefined = self.named::<(), u32>("qjs_get_undefined", ())?;
        self.addresses = Addresses {
            undefined,
            scratch,
            ..Addresses::default()
        };
        let made = self.call_function(install, &[global, functions])?;
        let step = self.property(made, "step")?;
        let load = self.property(made, "load")?;
        let buffer = self.property(made, "mailbox")?;
        let address = self.named::<(u32, u32), u32>("qjs_get_array_buffer", (buffer, scratch))?;
        if address == 0 {
            return Err(failed("the prelude has no mailbox"));
        }
        self.store.data_mut().mailbox = address as usize;
        let (mut mailbox, _) = self.mailbox();
        mailbox.set(0, COMMANDS as f64);
        mailbox.set(RANDOM, COMMANDS as f64);
        self.named::<(), ()>("qjs_run_gc", ())?;
        Ok(Addresses {
            undefined,
            step,
            load,
            mailbox: address,
            scratch,
        })
    }

    pub(super) fn be_born(&mut self, birth: Birth) {
        let (mut mailbox, host) = self.mailbox();
        (host.rng, host.epoch_ms, host.born, host.clock) = (birth.rng, birth.epoch_ms, -(birth.age as i64), 0);
        host.fuel = birth.fuel;
        mailbox.set(ORIGIN, birth.epoch_ms as f64 - birth.age as f64 / 1_000.0);
        mailbox.set(LOGGING, f64::from(birth.logging));
        host.fill_pool(&mut mailbox);
    }

    pub(super) fn restore(&mut self, patches: &[Patch], size: usize) {
        let memory = self.functions.memory;
        let now = memory.data_size(&self.store);
        if size > now {
            memory
                .grow(&mut self.store, ((size - now) / WASM_PAGE) as u64)
                .expect("it grew that far before");
        }
        let data = memory.data_mut(&mut self.store);
        for (at, bytes) in patches {
            data[*at..*at + bytes.len()].copy_from_slice(bytes);
        }
    }

    pub(super) fn stack_pointer(&mut self) -> usize {
        let pointer = self.instance.get_global(&mut self.store, "__stack_pointer");
        let value = pointer.expect("the pinned interpreter exports it").get(&mut self.store);
        value.unwrap_i32().cast_unsigned() as usize
    }

    pub(super) fn memory(&self) -> &[u8] {
        self.functions.memory.data(&self.store)
    }

    pub(super) fn mailbox(&mut self) -> (Mailbox<'_>, &mut Host) {
        let (memory, host) = self.functions.memory.data_and_store_mut(&mut self.store);
        let base = host.mailbox;
        (Mailbox { memory, base }, host)
    }

    /// Fuel that is left to this process.
    pub fn fuel_left(&self) -> u64 {
        self.store.data().fuel
    }

    pub fn log(&self) -> &[String] {
        &self.store.data().log
    }

    /// Lets the prelude handle one event, and then everything that this sets off.
    pub(super) fn step(&mut self, now: i64, event: &Event<'_>, fuel: u64) -> std::result::Result<(), Halt> {
        let (mut mailbox, host) = self.mailbox();
        host.clock = now;
        mailbox.set(NOW, (now - host.born) as f64 / 1_000.0);
        mailbox.write_event(event);
        self.run(fuel, |guest| {
            let (step, undefined) = (guest.addresses.step, guest.addresses.undefined);
            let result = guest.functions.call.call(&mut guest.store, (step, undefined, 0, 0))?;
            // The prelude catches what a submission throws; what is left is an engine that cannot go on, out of memory
            // say.
            guest.free(result)
        })
    }

    /// Runs guest code and then all its jobs, within limits.
    pub(super) fn run(
        &mut self,
        fuel: u64,
        work: impl FnOnce(&mut Guest) -> Result<()>,
    ) -> std::result::Result<(), Halt> {
        let fuel = fuel.min(self.store.data().fuel);
        let meter = self.functions.fuel;
        meter
            .set(&mut self.store, Val::I64(fuel.cast_signed()))
            .expect("it can be set");
        let result = work(self).and_then(|()| self.pump());
        let left = meter.get(&mut self.store).unwrap_i64();
        let (memory, host) = self.functions.memory.data_and_store_mut(&mut self.store);
        host.collect(memory, false);
        host.fuel -= fuel - left.max(0).cast_unsigned();
        let halt = match result {
            _ if left < 0 => Halt::Fuel,
            Ok(()) => return Ok(()),
            Err(_) => Halt::Crash,
        };
        host.dead = true;
        Err(halt)
    }

    fn pump(&mut self) -> Result<()> {
        loop {
            match self.functions.run_job.call(&mut self.store, ())? {
                0 => return Ok(()),
                1.. => {}
                _ => {
                    let exception = self.named::<(), u32>("qjs_get_exception", ())?;
                    self.free(exception)?;
                }
            }
        }
    }

    pub(super) fn free(&mut self, handle: u32) -> Result<()> {
        self.functions.free.call(&mut self.store, handle)
    }

    pub(super) fn eval(&mut self, code: &[u8], file: &[u8], flags: u32) -> Result<u32> {
        let text = self.write(&[code, b"\0"].concat())?;
        let name = self.write(file)?;
        let length = code.len() as u32;
        let result = self.named::<(u32, u32, u32, u32), u32>("qjs_eval", (text, length, name, flags))?;
        self.named::<u32, ()>("wasm_free", text)?;
        self.named::<u32, ()>("wasm_free", name)?;
        self.check(result)
    }

    pub(super) fn call_function(&mut self, function: u32, arguments: &[u32]) -> Result<u32> {
        let scratch = self.addresses.scratch as usize;
        let memory = self.functions.memory.data_mut(&mut self.store);
        for (i, argument) in arguments.iter().enumerate() {
            memory[scratch + 4 * i..scratch + 4 * i + 4].copy_from_slice(&argument.to_le_bytes());
        }
        let (undefined, count) = (self.addresses.undefined, arguments.len() as u32);
        let result = self
            .functions
            .call
            .call(&mut self.store, (function, undefined, count, scratch as u32))?;
        self.check(result)
    }

    fn property(&mut self, object: u32, name: &str) -> Result<u32> {
        let name = self.write(&[name.as_bytes(), b"\0"].concat())?;
        let value = self.named::<(u32, u32), u32>("qjs_get_prop_string", (object, name))?;
        self.named::<u32, ()>("wasm_free", name)?;
        self.check(value)
    }

    /// An exception becomes an error whose text is its message, U+0001 and its stack.
    fn check(&mut self, value: u32) -> Result<u32> {
        if self.named::<u32, i32>("qjs_is_exception", value)? == 0 {
            return Ok(value);
        }
        let exception = self.named::<(), u32>("qjs_get_exception", ())?;
        Err(wasmtime::Error::msg(self.describe(exception)?))
    }

    pub(super) fn describe(&mut self, thrown: u32) -> Result<String> {
        let message = self.text(thrown)?;
        let stack = match self.property(thrown, "stack") {
            Ok(stack) => self.text(stack)?,
            Err(_) => String::new(),
        };
        let message: String = message.chars().take(300).collect();
        Ok(format!("{message}\u{1}{stack}"))
    }

    fn text(&mut self, value: u32) -> Result<String> {
        let pointer = self.named::<u32, u32>("qjs_get_string", value)?;
        if pointer == 0 {
            return Ok("something that cannot be shown".to_string());
        }
        let text = c_string(self.memory(), pointer);
        self.named::<u32, ()>("qjs_free_cstring", pointer)?;
        Ok(text)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<u32> {
        let pointer = self.named::<u32, u32>("wasm_malloc", bytes.len() as u32)?;
        wasmtime::ensure!(pointer != 0, "out of memory");
        let at = pointer as usize;
        self.functions.memory.data_mut(&mut self.store)[at..at + bytes.len()].copy_from_slice(bytes);
        Ok(pointer)
    }

    pub(super) fn named<A: WasmParams, R: WasmResults>(&mut self, name: &str, arguments: A) -> Result<R> {
        self.instance
            .get_typed_func::<A, R>(&mut self.store, name)?
            .call(&mut self.store, arguments)
    }
}

fn typed<A: WasmParams, R: WasmResults>(
    instance: &Instance,
    store: &mut Store<Host>,
    export: &ModuleExport,
) -> TypedFunc<A, R> {
    let function = instance
        .get_module_export(&mut *store, export)
        .and_then(|x| x.into_func());
    function
        .expect("a function")
        .typed(&*store)
        .expect("the pinned interpreter's own type")
}
