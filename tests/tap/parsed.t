#!/usr/bin/env perl
# What an independent parser makes of muster's TAP: run as `TAP_SAMPLE=PROGRAM prove tests/tap`.
use strict;
use warnings;
use Test::More;
use TAP::Parser;

my $program = $ENV{TAP_SAMPLE} or die "TAP_SAMPLE: the path of sample_tap\n";

# Perl's parser stops at version 13, which has the same points, directives and YAML blocks.
sub parse {
    my ($sample, $cpus) = @_;
    my $tap = qx($program $sample $cpus);
    is $?, 0, "$sample on $cpus CPUs is printed whole";
    unlike $tap, qr/[^\x20-\x7e\n]/, '... in printable ASCII';
    is((() = $tap =~ /^# muster: /mg), 1, '... with one last line');
    $tap =~ s/\ATAP version 14$/TAP version 13/m or fail 'begins with its version';
    my (@points, @blocks);
    my $parser = TAP::Parser->new({tap => $tap});
    while (my $result = $parser->next) {
        push @points, $result if $result->is_test;
        push @blocks, $result->data if $result->is_yaml;
        # Perl's parser knows no subtest: its lines are none of the stream's.
        fail 'unknown line: ' . $result->as_string
            if $result->is_unknown && $result->as_string !~ /^    /;
    }
    is_deeply [$parser->parse_errors], [], '... without a parse error';
    return ($parser, \@points, \@blocks);
}

sub counts {
    my ($parser) = @_;
    return [map { scalar @$_ } [$parser->failed], [$parser->todo], [$parser->skipped]];
}

for my $cpus (1, 4, 255, 4096) {
    # sample => failed, todo, skipped
    my %expected = (
        pass => [0, 0, 1],
        deviation => [0, 1, 1],
        fail => [2, 1, 1],
        error => [1, 0, 1],
        many => [2, 0, 1],
        planted => [1, 0, 1],
    );
    for my $sample (sort keys %expected) {
        my ($parser) = parse($sample, $cpus);
        is_deeply counts($parser), $expected{$sample}, '... failed, todo, skipped';
        is !!$parser->has_problems, !!$expected{$sample}[0], '... fails the run or does not';
    }
}

my ($parser, $points, $blocks) = parse('fail', 4);
is $points->[15]->as_string, 'not ok 16 - df.guard-page # CPU 2 of 4', 'a failing point';
is $blocks->[0]{cpus}, '2', 'its CPU';
like $blocks->[0]{means}, qr/^TSS\.IST1 of this CPU/, 'its meaning';
is $blocks->[2]{means}, 'the CPU stopped "answering" after 9 double faults', 'quotes survive';
like $points->[14]->explanation, qr/^firmware maps/, 'the reason of a skip';
like $points->[23]->explanation, qr/^known deviation of QEMU TCG/, 'the words of a deviation';

($parser, $points, $blocks) = parse('many', 4096);
my $list = $blocks->[0];
is ref $list, 'ARRAY', 'several findings are a list';
is $list->[1]{cpus}, '1', 'one entry a finding';
is $list->[0]{seen}, "rsp 0x0, \\ \"quoted\"\n\x7f #0", 'escapes survive';
like $list->[-1]{means}, qr/^\d+ more findings found no room/, 'what did not fit is said';

($parser) = parse('lost', 255);
is_deeply counts($parser), [1, 0, 1], 'a lost CPU fails one check';

($parser, $points) = parse('planted', 4);
is $points->[-1]->as_string, 'not ok 27 - self-test', 'a defect that no check saw fails one point';

done_testing;
