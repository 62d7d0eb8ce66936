package org.iorewind.replay;

/**
 * An observation that the model did not predict, or a prediction that was not observed. A result, not an error.
 *
 * @param sequence the observation, or the input whose prediction is missing
 * @param inputSequence the input that led to it
 * @param kind name of the event kind, such as {@code Translation}
 * @param field what differs, such as {@code result}
 * @param recorded what the recorded system did
 * @param predicted what the model did
 * @param deviation id of the known deviation this is, or empty for an unexplained one
 * @param state the state that led to the prediction, in words
 */
public record Divergence(
        long sequence,
        long inputSequence,
        String kind,
        String field,
        String recorded,
        String predicted,
        String deviation,
        String state) {}
