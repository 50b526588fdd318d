//! The state of a form that came back: what was typed, and what is wrong with it, field by field.

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Field {
    /// Name in the form and id in the page.
    pub name: &'static str,
    pub label: &'static str,
    pub value: String,
    pub hint: &'static str,
    pub error: Option<String>,
}

impl Field {
    pub fn new(name: &'static str, label: &'static str) -> Field {
        Field {
            name,
            label,
            ..Field::default()
        }
    }

    pub fn hint(self, hint: &'static str) -> Field {
        Field { hint, ..self }
    }

    pub fn value(self, value: impl Into<String>) -> Field {
        Field {
            value: value.into(),
            ..self
        }
    }

    pub fn error(self, error: Option<impl Into<String>>) -> Field {
        Field {
            error: error.map(Into::into),
            ..self
        }
    }

    /// What a screen reader reads with the field.
    pub fn described_by(&self) -> String {
        let hint = (!self.hint.is_empty()).then(|| format!("{}-hint", self.name));
        let error = self.error.is_some().then(|| format!("{}-error", self.name));
        [error, hint].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

/// The fields that need another look, for the summary above a form.
pub fn with_errors<'a>(fields: &[&'a Field]) -> Vec<&'a Field> {
    fields.iter().copied().filter(|field| field.error.is_some()).collect()
}
