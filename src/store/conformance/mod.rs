//! Every promise of [`Store`](super::Store), held against every store.
//!
//! [`check`] is the way in. Each promise is a function that gets an empty store.

mod awaiting;
mod correcting;
mod deciding;
mod hosting;
mod learning;
mod reading;
mod sample;
mod seating;
mod visiting;

use std::sync::Arc;

use super::{Location, Store, open};

/// Holds a kind of store against all promises. `make` gives a new, empty one each time.
async fn check<F, Fut>(make: F)
where
    F: Fn() -> Fut,
    Fut: Future<Output = Arc<dyn Store>>,
{
    visiting::visits_are_remembered(make().await).await;
    visiting::delivering_again_changes_nothing(make().await).await;
    visiting::what_waits_is_replaced(make().await).await;
    visiting::an_edit_taken_back_is_forgotten(make().await).await;
    visiting::the_inbox_has_an_order(make().await).await;
    visiting::leads_are_remembered(make().await).await;
    visiting::only_what_is_not_known_is_fresh(make().await).await;

    hosting::hosts_that_wait_come_with_a_delivery(make().await).await;
    hosting::robots_are_kept_by_origin(make().await).await;
    hosting::old_hosts_are_forgotten(make().await).await;
    awaiting::what_pages_answered_is_forgotten_in_time(make().await).await;
    awaiting::what_waits_is_not_decided(make().await).await;
    awaiting::a_text_takes_the_place_of_what_waited(make().await).await;
    awaiting::a_wait_begins_once(make().await).await;
    awaiting::an_edit_waits_beside_what_was_decided(make().await).await;
    awaiting::what_is_not_published_does_not_wait(make().await).await;
    awaiting::pages_are_remembered(make().await).await;

    learning::lessons_are_remembered(make().await).await;
    learning::a_story_teaches_once(make().await).await;
    learning::few_lines_are_remembered(make().await).await;
    learning::what_was_cleaned_is_settled(make().await).await;

    deciding::an_edit_stays_where_it_is(make().await).await;
    deciding::settling_again_changes_nothing(make().await).await;
    deciding::what_came_meanwhile_waits_on(make().await).await;
    deciding::a_story_takes_the_key_of_another(make().await).await;
    deciding::two_stories_change_keys(make().await).await;
    deciding::a_decision_must_fit(make().await).await;
    deciding::keys_find_stories(make().await).await;
    deciding::an_edit_is_found_by_its_new_keys(make().await).await;
    deciding::a_crowded_key_gives_the_newest(make().await).await;
    deciding::leads_count_for_one_newcomer(make().await).await;
    deciding::clusters_have_members(make().await).await;
    deciding::a_crowded_cluster_gives_the_oldest_and_the_newest(make().await).await;
    deciding::the_last_decision_may_be_earlier(make().await).await;
    deciding::pruning_keeps_identities(make().await).await;

    correcting::a_correction_moves_tellings(make().await).await;
    correcting::a_guest_makes_no_story_young(make().await).await;
    correcting::what_is_dropped_is_not_shown(make().await).await;
    correcting::hashes_are_renewed(make().await).await;
    correcting::a_timeline_has_the_newest(make().await).await;

    reading::a_shelf_shows_only_its_sources(make().await).await;
    reading::a_shelf_is_ordered_by_what_it_shows(make().await).await;
    reading::a_shelf_has_room(make().await).await;
    reading::a_shelf_goes_far_back(make().await).await;
    reading::queries_find_clusters(make().await).await;
    reading::what_was_decided_is_explained(make().await).await;
    reading::voices_are_kept(make().await).await;
    reading::a_period_has_standings(make().await).await;
    reading::health_counts(make().await).await;

    seating::a_story_has_one_seat(make().await).await;
    seating::the_young_are_counted(make().await).await;
    seating::what_was_seeded_makes_no_story_young(make().await).await;
    seating::what_was_seeded_of_a_guest_dates_no_other_story(make().await).await;
    seating::stories_come_in_turn(make().await).await;
}

#[tokio::test]
async fn memory_keeps_the_promises() {
    check(async || open(&Location::Memory).unwrap()).await;
}

#[tokio::test]
async fn sqlite_keeps_the_promises() {
    let folder = tempfile::tempdir().unwrap();
    let made = std::cell::Cell::new(0);
    check(|| {
        made.set(made.get() + 1);
        let location = Location::Sqlite(folder.path().join(format!("{}.db", made.get())));
        async move { open(&location).unwrap() }
    })
    .await;
}
