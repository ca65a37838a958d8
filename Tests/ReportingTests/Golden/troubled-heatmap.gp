# Draws heatmap.svg and heatmap.png from heatmap.tsv. In this folder: gnuplot -d heatmap.gp
set encoding utf8
set datafile separator tab
set datafile missing 'NaN'
unset key
set border 3 linecolor rgb '#59636e' linewidth 1
set tics nomirror out scale 0.6 textcolor rgb '#59636e'
set grid ytics linetype 1 linewidth 0.8 linecolor rgb '#dfe4ea'
set lmargin at screen 0.1408
set rmargin at screen 0.9605
set bmargin at screen 0.2847
set tmargin at screen 0.7883
set label 1 'Test accuracy (%) over learning rate and padding' at screen 0.0184, 0.9124 left font ',17' textcolor rgb '#1f2328'
set xrange [-0.5:3.5]
set yrange [-2.5:0.5]
unset grid
unset border
set tics scale 0
unset xtics
unset ytics
set xlabel 'learning rate' textcolor rgb '#59636e' offset 0,-1.4
set label 100000 'padding' at screen 0.0263, graph 0.5 center rotate textcolor rgb '#59636e'
set label 2 '0.1' at first 0, graph 0 offset 0,-0.9 center textcolor rgb '#1f2328'
set label 3 '0.03' at first 1, graph 0 offset 0,-0.9 center textcolor rgb '#1f2328'
set label 4 '0.01' at first 2, graph 0 offset 0,-0.9 center textcolor rgb '#1f2328'
set label 5 '0.003' at first 3, graph 0 offset 0,-0.9 center textcolor rgb '#1f2328'
set label 6 'valid' at graph 0, first -0 offset -1,0 right textcolor rgb '#1f2328'
set label 7 'same' at graph 0, first -1 offset -1,0 right textcolor rgb '#1f2328'
set label 8 'full' at graph 0, first -2 offset -1,0 right textcolor rgb '#1f2328'
set object 1 rectangle center first 0, first -2 size first 0.93, first 0.88 front fillstyle empty border linecolor rgb '#000001' linewidth 2.2
set label 9 '97.18' at first 1, first -0 center front textcolor rgb '#000001'
set label 10 '96.53' at first 2, first -0 center front textcolor rgb '#000001'
set label 11 '92.18' at first 3, first -0 center front textcolor rgb '#fefefe'
set label 12 '98.09' at first 0, first -1 center front textcolor rgb '#000001'
set label 13 '97.54' at first 1, first -1 center front textcolor rgb '#000001'
set label 14 '96.67' at first 2, first -1 center front textcolor rgb '#000001'
set label 15 '93.24' at first 3, first -1 center front textcolor rgb '#fefefe'
set label 16 '98.35' at first 0, first -2 center front textcolor rgb '#000001'
set label 17 '97.78' at first 1, first -2 center front textcolor rgb '#000001'
set label 18 '96.93' at first 2, first -2 center front textcolor rgb '#000001'
set label 19 '93.59' at first 3, first -2 center front textcolor rgb '#fefefe'

set terminal svg size 760,274 dynamic noenhanced font 'sans-serif,15' background '#ffffff'
set output 'heatmap.svg'
plot \
  'heatmap.tsv' using 1:2:(0.485):(0.48):4 with boxxyerror linecolor rgb variable fillstyle solid 1 noborder
unset output

set terminal pngcairo size 1520,548 noenhanced font 'sans-serif,11.3' fontscale 2 linewidth 2 pointscale 2 background '#ffffff'
set output 'heatmap.png'
replot
unset output
