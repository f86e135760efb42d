//! How a dataset is built and how it relates to others, as anybody may see it.

use crate::catalogue::relations::{Edge, Graph, Node};
use crate::catalogue::structure::names::{ColumnNames, Suggestion};
use crate::engine::known::View;
use crate::engine::state::DatasetNow;
use crate::engine::{Engine, EngineError};
use crate::model::Iri;
use crate::model::dataset::Dataset;
use crate::rights::Actor;

/// How a dataset is built.
#[derive(Debug, Clone)]
pub struct Built {
    /// The dataset, with its columns, keys and data models.
    pub dataset: DatasetNow,
    /// It among the datasets that it relates to.
    pub graph: Graph,
    /// What names of columns suggest that is not marked.
    pub suggestions: Vec<Suggestion>,
    /// Columns that can be asked for together and that together point at one person.
    pub together: Vec<String>,
}

impl Engine {
    /// How a dataset is built: columns, concepts, data models, and relations from it and to it.
    ///
    /// # Errors
    /// There is no such dataset that the actor may see, or the store cannot be read.
    pub fn built(&self, actor: Option<&Actor>, name: &str) -> Result<Built, EngineError> {
        let view = self.view()?;
        let dataset = self.dataset_seen(&view, actor, name)?;
        let names = ColumnNames::built_in()?;
        Ok(Built {
            graph: self.graph(&view, &dataset.dataset)?,
            suggestions: names.suggest(&dataset.dataset.columns),
            together: self.pointing(&view, &dataset, &names)?,
            dataset,
        })
    }

    /// A dataset among those it relates to.
    ///
    /// # Errors
    /// There is no such dataset that the actor may see, or the store cannot be read.
    pub fn relations(&self, actor: Option<&Actor>, name: &str) -> Result<Graph, EngineError> {
        let view = self.view()?;
        let dataset = self.dataset_seen(&view, actor, name)?;
        self.graph(&view, &dataset.dataset)
    }

    fn graph(&self, view: &View, about: &Dataset) -> Result<Graph, EngineError> {
        let node = |of: &Dataset| Node { dataset: of.id.clone(), title: Some(of.title.clone()) };
        let mut graph = Graph { datasets: vec![node(about)], relations: Vec::new() };
        for relation in &about.structure.relations {
            let to = place(&mut graph, &relation.dataset, |iri| {
                // what not everybody may see has an address here, for its source says so, and no title
                let known =
                    self.dataset_in(view, iri.as_str()).ok().map(|d| d.dataset).filter(|d| d.audience.is_none());
                Node { dataset: iri.clone(), title: known.map(|d| d.title) }
            });
            let (columns, references) = (relation.columns.clone(), relation.references.clone());
            graph.relations.push(Edge { from: 0, to, columns, references });
        }
        let catalogue = self.catalogue(view, self.clock.now())?;
        for slug in catalogue.pointed_at.get(&about.id).into_iter().flatten() {
            let other = self.dataset_in(view, slug.as_str())?.dataset;
            if other.audience.is_some() || other.id == about.id {
                continue;
            }
            for relation in other.structure.relations.iter().filter(|r| r.dataset == about.id) {
                let from = place(&mut graph, &other.id, |_| node(&other));
                let (columns, references) = (relation.columns.clone(), relation.references.clone());
                graph.relations.push(Edge { from, to: 0, columns, references });
            }
        }
        Ok(graph)
    }
}

/// The place of a dataset in a graph; one that is not there yet comes in.
fn place(graph: &mut Graph, iri: &Iri, node: impl FnOnce(&Iri) -> Node) -> usize {
    graph.datasets.iter().position(|n| n.dataset == *iri).unwrap_or_else(|| {
        graph.datasets.push(node(iri));
        graph.datasets.len() - 1
    })
}
