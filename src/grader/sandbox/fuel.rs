//! Counts what a program does, in the code of the interpreter itself.
//!
//! Wasmtime's own fuel counts instructions at every call and every branch, which takes a fifth of the time of a short
//! run. Only loops can make a program run on without end here, since the stack bounds recursion; so a turn of a loop
//! costs one, and a copy of memory costs what copying it in a loop of 64 bytes would. An instruction of JavaScript takes
//! one turn of the interpreter's loop, and some ten nanoseconds.

use super::engine::EngineError;
use std::convert::Infallible;
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, ExportKind, ExportSection, Function, GlobalSection, GlobalType, Instruction,
    Module, ValType,
};
use wasmparser::{ExportSectionReader, FunctionBody, GlobalSectionReader, Operator, Parser};

/// The exported global that holds what is left; below zero, the program has been stopped.
pub const FUEL: &str = "fuel";

const SHIFT_BYTES_TO_TURNS: i64 = 6;

/// The same module, with a meter in it.
pub fn meter(wasm: &[u8]) -> Result<Vec<u8>, EngineError> {
    let mut module = Module::new();
    Meter::default()
        .parse_core_module(&mut module, Parser::new(0), wasm)
        .map_err(|error| EngineError::Engine(format!("the interpreter cannot be metered: {error}")))?;
    Ok(module.finish())
}

#[derive(Default)]
struct Meter {
    /// Its index among the globals.
    fuel: u32,
    /// Where the length of a copy is put aside.
    length: u32,
}

impl Reencode for Meter {
    type Error = Infallible;

    fn parse_global_section(
        &mut self,
        globals: &mut GlobalSection,
        section: GlobalSectionReader<'_>,
    ) -> Result<(), Error> {
        utils::parse_global_section(self, globals, section)?;
        let variable = |val_type| GlobalType {
            val_type,
            mutable: true,
            shared: false,
        };
        (self.fuel, self.length) = (globals.len(), globals.len() + 1);
        globals.global(variable(ValType::I64), &ConstExpr::i64_const(i64::MAX));
        globals.global(variable(ValType::I32), &ConstExpr::i32_const(0));
        Ok(())
    }

    fn parse_export_section(
        &mut self,
        exports: &mut ExportSection,
        section: ExportSectionReader<'_>,
    ) -> Result<(), Error> {
        utils::parse_export_section(self, exports, section)?;
        exports.export(FUEL, ExportKind::Global, self.fuel);
        Ok(())
    }

    fn parse_function_body(&mut self, code: &mut CodeSection, body: FunctionBody<'_>) -> Result<(), Error> {
        let mut function = self.new_function_with_parsed_locals(&body)?;
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            let operator = operators.read()?;
            let copies = matches!(operator, Operator::MemoryCopy { .. } | Operator::MemoryFill { .. });
            if copies {
                function.instruction(&Instruction::GlobalSet(self.length));
                self.burn(&mut function, |function| {
                    function
                        .instruction(&Instruction::GlobalGet(self.length))
                        .instruction(&Instruction::I64ExtendI32U)
                        .instruction(&Instruction::I64Const(SHIFT_BYTES_TO_TURNS))
                        .instruction(&Instruction::I64ShrU);
                });
                function.instruction(&Instruction::GlobalGet(self.length));
            }
            let turns = matches!(operator, Operator::Loop { .. });
            function.instruction(&self.instruction(operator)?);
            if turns {
                self.burn(&mut function, |function| {
                    function.instruction(&Instruction::I64Const(1));
                });
            }
        }
        code.function(&function);
        Ok(())
    }
}

impl Meter {
    /// Takes from the fuel what `amount` leaves on the stack, and stops the program when there was not enough.
    fn burn(&self, function: &mut Function, amount: impl FnOnce(&mut Function)) {
        function.instruction(&Instruction::GlobalGet(self.fuel));
        amount(function);
        function
            .instruction(&Instruction::I64Sub)
            .instruction(&Instruction::GlobalSet(self.fuel))
            .instruction(&Instruction::GlobalGet(self.fuel))
            .instruction(&Instruction::I64Const(0))
            .instruction(&Instruction::I64LtS)
            .instruction(&Instruction::If(BlockType::Empty))
            .instruction(&Instruction::Unreachable)
            .instruction(&Instruction::End);
    }
}
