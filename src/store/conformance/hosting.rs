//! What is remembered of hosts.

use std::sync::Arc;

use super::sample::{at, id};
use crate::model::{Host, Robots, RobotsRule, Visit};
use crate::store::{Delivery, Store};

fn host(name: &str, second: i64) -> Host {
    Host { name: name.to_owned(), waits_until: at(second) }
}

fn robots(origin: &str, second: i64) -> Robots {
    Robots {
        origin: origin.to_owned(),
        token: "oncefeed".to_owned(),
        asked: at(second),
        unreachable: None,
        rules: Some(vec![RobotsRule { allow: false, path: "/a*%C3%BC$".to_owned() }]),
    }
}

pub(super) async fn hosts_that_wait_come_with_a_delivery(store: Arc<dyn Store>) {
    let visit = Visit { failures: 1, ..Visit::default() };
    let hosts = vec![host("b.example", 7), host("a.example", 9)];
    let delivery = Delivery { source: id("ap"), visit, stories: Vec::new(), hosts };
    store.deliver(&delivery).await.unwrap();
    store.keep_hosts(&[host("b.example", 3), host("c.example", 1)]).await.unwrap();
    let all = [host("a.example", 9), host("b.example", 3), host("c.example", 1)];
    assert_eq!(store.hosts().await.unwrap(), all);
}

pub(super) async fn robots_are_kept_by_origin(store: Arc<dyn Store>) {
    let [http, https] = ["http://a.example", "https://a.example"];
    let unreached = Robots { unreachable: Some(at(5)), rules: None, ..robots(https, 5) };
    for robots in [robots(http, 1), robots(https, 2), unreached.clone()] {
        store.keep_robots(&robots).await.unwrap();
    }
    assert_eq!(store.robots(http).await.unwrap(), Some(robots(http, 1)));
    assert_eq!(store.robots(https).await.unwrap(), Some(unreached));
    assert_eq!(store.robots("https://b.example").await.unwrap(), None);
}

pub(super) async fn old_hosts_are_forgotten(store: Arc<dyn Store>) {
    store.keep_hosts(&[host("a.example", 1), host("b.example", 2)]).await.unwrap();
    for (origin, second) in [("https://a.example", 1), ("https://b.example", 2)] {
        store.keep_robots(&robots(origin, second)).await.unwrap();
    }
    store.forget_hosts(at(2)).await.unwrap();
    assert_eq!(store.hosts().await.unwrap(), [host("b.example", 2)]);
    assert_eq!(store.robots("https://a.example").await.unwrap(), None);
    assert!(store.robots("https://b.example").await.unwrap().is_some());
}
